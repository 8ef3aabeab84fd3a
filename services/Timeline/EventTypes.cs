using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.Timeline;

/// <summary>The events that a store knows, by the name they have in the database (Marten's rule for aliases).</summary>
public sealed class EventTypes
{
    private readonly FrozenDictionary<string, EventType> byAlias;
    private readonly FrozenDictionary<Type, EventType> byType;

    private EventTypes(IEnumerable<Type> types)
    {
        var all = types.Select(type => new EventType(type)).ToArray();
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

    /// <summary>The description of an event's type.</summary>
    public EventType Of(Event @event) => byType[@event.GetType()];

    /// <summary>
    /// <c>PersonRegistered</c> → <c>person_registered</c>: split where lower case meets anything else and before the last
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
        Alias = EventTypes.Alias(clr.Name);
        DotNetName = $"{clr.FullName}, {clr.Assembly.GetName().Name}";
        AppendedBy = clr.GetCustomAttribute<AppendedByAttribute>()?.Services ?? [];
        Personal = [.. clr.GetProperties().Where(p => p.IsDefined(typeof(PersonalAttribute)))];
    }

    /// <summary>The record.</summary>
    public Type Clr { get; }

    /// <summary>The name in <c>mt_events.type</c>.</summary>
    public string Alias { get; }

    /// <summary>The name in <c>mt_events.mt_dotnet_type</c>.</summary>
    public string DotNetName { get; }

    /// <summary>The services whose database role may append it; none means the owner of the store only.</summary>
    public IReadOnlyList<Service> AppendedBy { get; }

    /// <summary>The members that are personal data.</summary>
    public IReadOnlyList<PropertyInfo> Personal { get; }
}
