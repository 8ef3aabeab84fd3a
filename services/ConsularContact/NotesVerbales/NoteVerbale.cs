using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.NotesVerbales;

/// <summary>One request to a state to let people leave.</summary>
internal sealed record NoteVerbale(Guid Id) : IFold<NoteVerbale>
{
    /// <summary>null: there is no such note.</summary>
    public NoteVerbaleSent? Sent { get; private init; }

    public ImmutableDictionary<Guid, bool> Answers { get; private init; } = [];

    public static Refusal Unknown => Refusal.NotFound("note-verbale/unknown", "There is no note verbale with this id. Look through the list of notes.");

    public static IProjection ReadModel(string schema) => new Projection<NoteVerbale>($"{schema}.note_verbale", 1,
        [("state", "text not null"), ("people", "int not null"), ("granted", "int not null"), ("refused", "int not null"), ("officer", "text not null"), ("sent_at", "timestamptz not null"), ("sort", "text collate \"C\" not null")],
        note => note.Sent is not { } sent ? [] :
            [[sent.State, sent.People.Count, note.Answers.Values.Count(granted => granted), note.Answers.Values.Count(granted => !granted), sent.Officer, sent.At.ToUniversalTime(), $"{DateTimeOffset.MaxValue.UtcTicks - sent.At.UtcTicks:D19}{note.Id:N}"]],
        [typeof(NoteVerbaleSent), typeof(NoteVerbaleAnswered)],
        "create unique index on {table} (sort)");

    public static NoteVerbale Start(Guid id) => new(id);

    public NoteVerbale Apply(Event @event) => @event switch
    {
        NoteVerbaleSent e => this with { Sent = e },
        NoteVerbaleAnswered e => this with { Answers = Answers.SetItems(e.Granted.Select(id => KeyValuePair.Create(id, true))).SetItems(e.Refused.Select(id => KeyValuePair.Create(id, false))) },
        _ => this,
    };
}
