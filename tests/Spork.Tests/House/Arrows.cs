using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Spork.Tests.House;

/// <summary>Finds uses of a room by a room that stands before it.</summary>
internal static class Arrows
{
    /// <summary>Lines such as <c>Linux/A.cs:7 uses Command from Spawning</c>, and files outside every room.</summary>
    public static IReadOnlyList<string> FindWrong(IReadOnlyDictionary<string, string> sources)
    {
        var compilation = SourceCompilation.Compile(sources);
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            var room = Rooms.IndexOf(tree.FilePath);
            if (room < 0)
            {
                wrong.Add($"{tree.FilePath} is in none of the rooms {string.Join(", ", Rooms.InOrder)}");
                continue;
            }

            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes(descendIntoTrivia: false))
            {
                if (Used(model, node) is { } symbol && LowestRoom(symbol) is { } used && used > room)
                {
                    var line = tree.GetLineSpan(node.Span).StartLinePosition.Line + 1;
                    var name = symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
                    wrong.Add($"{tree.FilePath}:{line} uses {name} from {Rooms.InOrder[used]}");
                }
            }
        }

        return [.. wrong];
    }

    /// <summary>Lines such as <c>Spawning/A/B.cs:7 uses C from Spawning/D/</c>, of files below one folder.</summary>
    /// <param name="sources">By path.</param>
    /// <param name="from">Who uses.</param>
    /// <param name="to">What is not to be used: all that is declared there and nowhere else.</param>
    public static IReadOnlyList<string> FindUses(IReadOnlyDictionary<string, string> sources, string from, string to)
    {
        var compilation = SourceCompilation.Compile(sources);
        var uses = new SortedSet<string>(StringComparer.Ordinal);
        foreach (
            var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.StartsWith(from, StringComparison.Ordinal))
        )
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes(descendIntoTrivia: false))
            {
                if (
                    Used(model, node) is { } symbol
                    && Declared(symbol) is { Length: > 0 } declared
                    && declared.All(d => d.SyntaxTree.FilePath.StartsWith(to, StringComparison.Ordinal))
                )
                {
                    var line = tree.GetLineSpan(node.Span).StartLinePosition.Line + 1;
                    var name = symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
                    uses.Add($"{tree.FilePath}:{line} uses {name} from {to}");
                }
            }
        }

        return [.. uses];
    }

    // Expressions, not only names: `new()`, an index and an operator call something without naming it.
    private static ISymbol? Used(SemanticModel model, SyntaxNode node)
    {
        if (node is not (ExpressionSyntax or ConstructorInitializerSyntax or AttributeSyntax))
        {
            return null;
        }

        var symbol = model.GetSymbolInfo(node).Symbol;
        return symbol is ILocalSymbol or IParameterSymbol or INamespaceSymbol or ITypeParameterSymbol ? null : symbol;
    }

    // The earliest room that declares it: a partial type may go on in a later one, as far as its members are concerned.
    private static int? LowestRoom(ISymbol symbol) =>
        Declared(symbol)
            .Select(reference => Rooms.IndexOf(reference.SyntaxTree.FilePath))
            .Where(room => room >= 0)
            .Cast<int?>()
            .Min();

    private static ImmutableArray<SyntaxReference> Declared(ISymbol symbol)
    {
        if (symbol is IMethodSymbol { ReducedFrom: { } extension })
        {
            symbol = extension;
        }

        var declared = symbol.OriginalDefinition.DeclaringSyntaxReferences;
        if (declared.IsEmpty && symbol.ContainingType is { } type)
        {
            // An implicit constructor, or a member of a record that the compiler wrote.
            declared = type.OriginalDefinition.DeclaringSyntaxReferences;
        }

        return declared;
    }
}
