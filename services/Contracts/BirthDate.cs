using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrisisCoordination.Contracts;

/// <summary>
/// A birth date as far as it is known: a year, a year and month, or a day (ICAO Doc 9303-3 allows unknown parts).
/// Written as <c>1985</c>, <c>1985-01</c> or <c>1985-01-30</c>.
/// </summary>
[JsonConverter(typeof(BirthDateConverter))]
public readonly record struct BirthDate
{
    /// <summary>A day, a month or only a year; throws when they name no real date.</summary>
    public BirthDate(int year, int? month = null, int? day = null)
    {
        _ = new DateOnly(year, month ?? 1, month is null && day is not null ? throw new ArgumentException("A day needs a month.", nameof(day)) : day ?? 1);
        (Year, Month, Day) = (year, month, day);
    }

    /// <summary>The year, always known.</summary>
    public int Year { get; }

    /// <summary>1 to 12, where known.</summary>
    public int? Month { get; }

    /// <summary>1 to 31, where known.</summary>
    public int? Day { get; }

    /// <summary>The earliest day it can be.</summary>
    public DateOnly Earliest => new(Year, Month ?? 1, Day ?? 1);

    /// <summary>The latest day it can be.</summary>
    public DateOnly Latest => Day is { } day ? new(Year, Month!.Value, day)
        : new(Year, Month ?? 12, DateTime.DaysInMonth(Year, Month ?? 12));

    /// <summary>The age in whole years that the person has at least on <paramref name="day"/>.</summary>
    public int AtLeastYearsOn(DateOnly day) => Years(Latest, day);

    /// <summary>Whether the person is, or may be, under 18 on that day. Doubt speaks for the child (CRC Art. 1).</summary>
    public bool IsChildOn(DateOnly day) => AtLeastYearsOn(day) < 18;

    /// <summary>Reads the three written forms.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BirthDate date)
    {
        date = default;
        var parts = text?.Split('-');
        if (parts is not { Length: >= 1 and <= 3 } || parts[0].Length != 4 || parts.Skip(1).Any(p => p.Length != 2)) return false;
        var numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;
        if (numbers[0] < 1 || numbers is [_, < 1 or > 12, ..]) return false;
        if (numbers is [var y, var m, var d] && (d < 1 || d > DateTime.DaysInMonth(y, m))) return false;
        date = new(numbers[0], numbers.Length > 1 ? numbers[1] : null, numbers.Length > 2 ? numbers[2] : null);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Day is { } d ? $"{Year:0000}-{Month:00}-{d:00}" : Month is { } m ? $"{Year:0000}-{m:00}" : $"{Year:0000}";

    private static int Years(DateOnly born, DateOnly day)
    {
        var years = day.Year - born.Year;
        return day < born.AddYears(years) ? years - 1 : years;
    }
}

internal sealed class BirthDateConverter : JsonConverter<BirthDate>
{
    public override BirthDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        BirthDate.TryParse(reader.GetString(), out var date) ? date : throw new UnreadableException("A birth date is a day of the calendar, written 1985-01-30, or 1985-01 or 1985 when less is known.");

    public override void Write(Utf8JsonWriter writer, BirthDate value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>A value of a request that cannot be read; the message is for whoever typed it.</summary>
public sealed class UnreadableException(string message) : JsonException(message);
