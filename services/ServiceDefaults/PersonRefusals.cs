using CrisisCoordination.PersonRecord;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// The answers that every service gives about a person who cannot be worked with under an id: one code, one status and one
/// text each, whichever door was asked.
/// </summary>
public static class PersonRefusals
{
    /// <summary>404: nobody was registered under the id.</summary>
    public static Refusal Unknown { get; } = Refusal.NotFound("person/unknown",
        "No person has this id. Search for them by name, document or reference, and register them if they are new.");

    /// <summary>410: there was somebody, and their data is gone for good.</summary>
    public static Refusal Erased { get; } =
        Refusal.Gone("person/erased", "This person's data was erased. If they ask for help again, register them again.");

    /// <summary>409: another record stands for this one.</summary>
    public static Refusal Merged(Guid into) =>
        Refusal.Conflict("person/merged", $"This record was merged into another of the same person. Use that one: {into}.");

    /// <summary>Why nothing new is decided under this record, or null.</summary>
    public static Refusal? Refuse(this RecordStatus record) =>
        record.RefuseMissing() ?? (record.MergedInto is { } into ? Merged(into) : null);

    /// <summary>The same, but what was begun under a record that was merged away can be read there and brought to its end.</summary>
    public static Refusal? RefuseMissing(this RecordStatus record) => !record.Registered ? Unknown : record.Erased ? Erased : null;
}
