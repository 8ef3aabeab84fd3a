using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.Timeline;

/// <summary>The events that a store knows, by the name they have in the database; each says its own (<see cref="StoredAttribute"/>).</summary>
public sealed class EventTypes
{
    private static readonly ConcurrentDictionary<Type, string> Names = [];

    private readonly FrozenDictionary<string, EventType> byAlias;
    private readonly FrozenDictionary<Type, EventType> byType;

    private EventTypes(IEnumerable<Type> types)
    {
        var known = types.ToArray();
        Check(known);
        var all = known.Select(type => new EventType(type)).ToArray();
        byAlias = all.ToFrozenDictionary(type => type.Alias);
        byType = all.ToFrozenDictionary(type => type.Clr);
    }

    /// <summary>Every event of the house.</summary>
    public static EventTypes House { get; } = In(typeof(Event).Assembly);

    /// <summary>All of them.</summary>
    public IEnumerable<EventType> All => byAlias.Values;

    /// <summary>The events declared in these assemblies.</summary>
    public static EventTypes In(params Assembly[] assemblies) =>
        new(assemblies.SelectMany(a => a.GetTypes()).Where(t => t.IsSubclassOf(typeof(Event)) && !t.IsAbstract));

    /// <summary>The type with that alias, or null: an event of a newer release.</summary>
    public EventType? Find(string alias) => byAlias.GetValueOrDefault(alias);

    /// <summary>The name under which an event is stored, by which it is told to officers and partners too.</summary>
    public static string NameOf(Event @event) => NameOf(@event.GetType());

    /// <inheritdoc cref="NameOf(Event)"/>
    public static string NameOf(Type type) => Names.GetOrAdd(type, static type => type.GetCustomAttribute<StoredAttribute>()?.Name
        ?? throw new InvalidOperationException($"{type.Name} does not say its stored name. Write [Stored(\"{Alias(type.Name)}\")] above it."));

    // All at once, so that whoever brings several events together mends them in one go.
    private static void Check(IReadOnlyList<Type> types)
    {
        var unnamed = types.Where(type => !type.IsDefined(typeof(StoredAttribute)))
            .Select(type => $"[Stored(\"{Alias(type.Name)}\")] above {type.Name}").ToArray();
        if (unnamed.Length > 0) throw new InvalidOperationException($"Each event says its stored name. Write {string.Join(", ", unnamed)}.");
        var doubled = types.GroupBy(NameOf).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(" and ", same.Select(type => type.Name))}").ToArray();
        if (doubled.Length > 0)
            throw new InvalidOperationException(
                $"Two events have one stored name, so neither could be read again. Give the newer one a name of its own: {string.Join("; ", doubled)}.");
    }

    /// <summary>The description of an event's type.</summary>
    public EventType Of(Event @event) => byType[@event.GetType()];

    /// <summary>
    /// A name of code in snake case, as the schemas and roles of services have it: <c>PersonRegistered</c> →
    /// <c>person_registered</c>. Split where lower case meets anything else and before the last
    /// of a run of others, as Marten does.
    /// </summary>
    public static string Alias(string name)
    {
        var alias = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var (current, previous, next) = (name[i], i > 0 ? name[i - 1] : '\0', i + 1 < name.Length ? name[i + 1] : '\0');
            if (i > 0 && !char.IsLower(current) && (char.IsLower(previous) || char.IsLower(next))) alias.Append('_');
            alias.Append(char.ToLowerInvariant(current));
        }
        return alias.ToString();
    }
}

/// <summary>One type of event.</summary>
public sealed class EventType
{
    internal EventType(Type clr)
    {
        Clr = clr;
        Alias = EventTypes.NameOf(clr);
        DotNetName = $"{clr.FullName}, {clr.Assembly.GetName().Name}";
        AppendedBy = clr.GetCustomAttribute<AppendedByAttribute>()?.Services ?? [];
        Personal = [.. clr.GetProperties().Where(p => p.IsDefined(typeof(PersonalAttribute)))];
    }

    /// <summary>The record.</summary>
    public Type Clr { get; }

    /// <summary>The name in <c>mt_events.type</c>.</summary>
    public string Alias { get; }

    /// <summary>The name in <c>mt_events.mt_dotnet_type</c>, written for Marten and never read: it may change with the code.</summary>
    public string DotNetName { get; }

    /// <summary>The services whose database role may append it; none means the owner of the store only.</summary>
    public IReadOnlyList<Service> AppendedBy { get; }

    /// <summary>The members that are personal data.</summary>
    public IReadOnlyList<PropertyInfo> Personal { get; }
}
