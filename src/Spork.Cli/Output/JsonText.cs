using System.Text.Encodings.Web;
using System.Text.Json;

namespace Spork.Cli.Output;

/// <summary>JSON written by hand: reflection-based serialization would cost `spork run` its start.</summary>
internal static class JsonText
{
    /// <summary>People read it too, and nobody embeds it in HTML: an apostrophe stays one.</summary>
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            content(json);
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    public static void WriteObjects<T>(
        this Utf8JsonWriter json,
        string name,
        IEnumerable<T> items,
        Action<Utf8JsonWriter, T> content
    )
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            content(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Print(Action<Utf8JsonWriter> content)
    {
        using var stdout = Console.OpenStandardOutput();
        stdout.Write(Write(content));
    }
}
