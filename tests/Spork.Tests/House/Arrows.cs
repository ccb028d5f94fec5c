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
    private static int? LowestRoom(ISymbol symbol)
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

        return declared
            .Select(reference => Rooms.IndexOf(reference.SyntaxTree.FilePath))
            .Where(room => room >= 0)
            .Cast<int?>()
            .Min();
    }
}
