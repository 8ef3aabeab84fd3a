using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CrisisCoordination.Frozen.Tests;

/// <summary>A refusal as the sources say it. What is only known while the service runs is written <c>{…}</c>.</summary>
internal sealed record SaidRefusal(string Code, int Status, string Text, string Where)
{
    public override string ToString() => $"{Code} · {Status} · {Text}";
}

/// <summary>
/// All refusals in the sources of the services: wherever a code (<c>person/unknown</c>) and a sentence stand side by side in a
/// call, a new record or a pair.
/// </summary>
internal static partial class SaidRefusals
{
    private static readonly Dictionary<string, int> Statuses = new()
    {
        ["Invalid"] = 422,
        ["NotFound"] = 404,
        ["Gone"] = 410,
        ["Conflict"] = 409,
        ["Stale"] = 412,
        ["Forbidden"] = 403,
    };

    public static IReadOnlyList<SaidRefusal> All { get; } = [.. Read()];

    private static IEnumerable<SaidRefusal> Read()
    {
        var services = Path.Combine(Approved.Root, "services");
        var files = Directory.EnumerateFiles(services, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(services, file).Replace('\\', '/'))
            // The run of the sample asks and refuses nothing.
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal) && !file.StartsWith("AppHost/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => (File: file, Root: CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(services, file))).GetRoot())).ToList();
        foreach (var (file, root) in files)
        {
            var constants = root.DescendantNodes().OfType<VariableDeclaratorSyntax>().Where(variable => variable.Initializer?.Value is LiteralExpressionSyntax)
                .GroupBy(variable => variable.Identifier.Text).ToDictionary(same => same.Key, same => same.First().Initializer!.Value);
            foreach (var arguments in root.DescendantNodes().Where(node => node is ArgumentListSyntax or TupleExpressionSyntax))
                foreach (var refusal in In(arguments, constants, file)) yield return refusal;
        }
    }

    private static IEnumerable<SaidRefusal> In(SyntaxNode arguments, Dictionary<string, ExpressionSyntax> constants, string file)
    {
        var told = arguments.ChildNodes().OfType<ArgumentSyntax>().Select(argument => argument.Expression).ToList();
        for (var i = 0; i + 1 < told.Count; i++)
        {
            if (Code(told[i] is IdentifierNameSyntax name && constants.TryGetValue(name.Identifier.Text, out var value) ? value : told[i]) is not { } code) continue;
            var status = i > 0 && told[i - 1] is LiteralExpressionSyntax { Token.Value: int number } ? number : StatusOf(arguments);
            foreach (var text in Texts(told[i + 1]))
                yield return new(code, status, text, $"{file}({arguments.GetLocation().GetLineSpan().StartLinePosition.Line + 1})");
        }
    }

    // A row of a file that is refused is like a form that is.
    private static int StatusOf(SyntaxNode arguments) => arguments is TupleExpressionSyntax ? arguments.Parent switch
    {
        // A pair in the arm for a status.
        SwitchExpressionArmSyntax { Pattern: ConstantPatternSyntax { Expression: LiteralExpressionSyntax { Token.Value: int status } } } => status,
        _ => 422,
    }
    : arguments.Parent switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "Refusal" }, Name.Identifier.Text: var kind } } => Statuses[kind],
        _ => 422,
    };

    private static string? Code(ExpressionSyntax expression) =>
        expression is LiteralExpressionSyntax { Token.Value: string } or InterpolatedStringExpressionSyntax && Texts(expression).Single() is var text && CodePattern().IsMatch(text) ? text : null;

    // A sentence that is chosen is two sentences.
    private static IEnumerable<string> Texts(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax { Token.Value: string text } => [text],
        InterpolatedStringExpressionSyntax parts => [string.Concat(parts.Contents.Select(part => part is InterpolatedStringTextSyntax text ? text.TextToken.ValueText : "{…}"))],
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => Texts(sum.Left).SelectMany(left => Texts(sum.Right).Select(right => left + right)),
        ConditionalExpressionSyntax chosen => [.. Texts(chosen.WhenTrue), .. Texts(chosen.WhenFalse)],
        ParenthesizedExpressionSyntax inner => Texts(inner.Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: PredefinedTypeSyntax, Name.Identifier.Text: "Create" }, ArgumentList.Arguments: [_, var text] } => Texts(text.Expression),
        _ => ["{…}"],
    };

    [GeneratedRegex(@"\A(?!application/|text/|image/|audio/)[a-z][a-z-]*/[a-z0-9{…}-]+\z")]
    private static partial Regex CodePattern();
}
