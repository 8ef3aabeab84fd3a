using System.Text.RegularExpressions;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>What of a registration is compared, each part in its comparable form; null where it is not known.</summary>
public sealed partial record Identity
{
    /// <summary>Family and given names together.</summary>
    public required PersonName Name { get; init; }

    /// <summary>The name in the person's own script, kept apart: it often holds only a part.</summary>
    public string? Script { get; init; }

    /// <summary>As far as known.</summary>
    public BirthDate? BirthDate { get; init; }

    /// <summary>Female or male where said.</summary>
    public Sex Sex { get; init; }

    /// <summary>One or two.</summary>
    public IReadOnlyList<string> Nationalities { get; init; } = [];

    /// <summary>Kind of document.</summary>
    public string? DocumentType { get; init; }

    /// <summary>Letters and digits.</summary>
    public string? DocumentNumber { get; init; }

    /// <summary>People who forget the number may know when it runs out.</summary>
    public DateOnly? DocumentExpiry { get; init; }

    /// <summary>The last nine digits: what stays with or without a country code.</summary>
    public string? Phone { get; init; }

    /// <summary>The sender's reference of the household.</summary>
    public string? Household { get; init; }

    /// <summary>Whether the person is a child of the household; null when no role was given.</summary>
    public bool? IsChild { get; init; }

    /// <summary>Where they were.</summary>
    public Position? Position { get; init; }

    /// <summary>Where they were, in words.</summary>
    public string? Place { get; init; }

    /// <summary>Of a crisis that is not actual: compared with its like only.</summary>
    public bool Exercise { get; init; }

    /// <summary>From the public form or from an agency, where anyone may have told it: brought before an officer, never matched by itself.</summary>
    public bool ToldByAnyone { get; init; }

    /// <summary>The comparable form of a normalised registration.</summary>
    public static Identity From(Registration form) => new()
    {
        Name = PersonName.From(form.FamilyName, form.GivenNames),
        Script = Known(Letters.Joined(form.NameInOriginalScript), 1),
        BirthDate = form.BirthDate,
        Sex = form.Sex is Sex.Female or Sex.Male ? form.Sex : Sex.NotKnown,
        Nationalities = [.. new[] { form.Nationality, form.SecondNationality }.OfType<string>().Where(n => n != "XXX").Distinct()],
        DocumentType = Known(Letters.Joined(form.Document?.Type), 1),
        DocumentNumber = NotANumber().IsMatch(Letters.Joined(form.Document?.Number)) ? null : Known(Letters.Joined(form.Document?.Number), 5),
        DocumentExpiry = form.Document?.Expiry,
        Phone = Known(string.Concat(Letters.Joined(form.Phone).Where(char.IsAsciiDigit)), 7) is { } digits ? digits[Math.Max(0, digits.Length - 9)..] : null,
        Household = Known(Letters.Joined(form.HouseholdReference), 1),
        IsChild = form.HouseholdRole is { Length: > 0 } role ? role.Contains("child", StringComparison.OrdinalIgnoreCase) : null,
        Position = form.Position,
        Place = Known(Letters.Joined(form.Place), 1),
    };

    // "Unknown", "none" and 000000 are written where a form insists on a number; they join nobody.
    [GeneratedRegex("^(?:unknown|none|null|notknown|lost|pending|passport|n/?a|x+|0*123456789?0?)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NotANumber();

    private static string? Known(string value, int atLeast) => value.Length >= atLeast && (atLeast == 1 || value.Distinct().Count() > 1) ? value : null;
}
