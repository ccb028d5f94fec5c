using System.Reflection.Metadata;
using System.Text;
using System.Text.Json;

namespace Spork.Tests.Packaging;

/// <summary>What a portable PDB says about where sources are.</summary>
internal static class SourceInformation
{
    // Kinds of custom debug information, from the portable PDB specification.
    private static readonly Guid s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid s_embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    /// <summary>SourceLink's JSON: prefixes of paths, each with an address.</summary>
    public static string Link(MetadataReader reader) =>
        Encoding.UTF8.GetString(reader.GetBlobBytes(Find(reader, EntityHandle.ModuleDefinition, s_sourceLink)!.Value));

    /// <summary>How many documents have an address, how many are in the PDB itself, and which have neither.</summary>
    public static (int Linked, int Embedded, IReadOnlyList<string> Neither) Documents(MetadataReader reader)
    {
        using var json = JsonDocument.Parse(Link(reader));
        var prefixes = json
            .RootElement.GetProperty("documents")
            .EnumerateObject()
            .Select(entry => entry.Name.TrimEnd('*'))
            .ToList();
        var (linked, embedded) = (0, 0);
        var neither = new List<string>();
        foreach (var handle in reader.Documents)
        {
            var path = reader.GetString(reader.GetDocument(handle).Name);
            if (Find(reader, handle, s_embeddedSource) is not null)
            {
                embedded++;
            }
            else if (prefixes.Exists(prefix => path.StartsWith(prefix, StringComparison.Ordinal)))
            {
                linked++;
            }
            else
            {
                neither.Add(path);
            }
        }

        return (linked, embedded, neither);
    }

    private static BlobHandle? Find(MetadataReader reader, EntityHandle parent, Guid kind)
    {
        foreach (var handle in reader.GetCustomDebugInformation(parent))
        {
            var information = reader.GetCustomDebugInformation(handle);
            if (reader.GetGuid(information.Kind) == kind)
            {
                return information.Value;
            }
        }

        return null;
    }
}
