namespace CrisisCoordination.Contracts;

/// <summary>
/// The name under which an event is stored and published. It is said in words of its own, so that renaming the record never
/// renames what lies in a database: a stored name that no record bears is a fact that nobody reads any more.
/// </summary>
/// <param name="name">In snake case; unique, never changed, never given to another event.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StoredAttribute(string name) : Attribute
{
    /// <summary>Such as <c>person_registered</c>.</summary>
    public string Name { get; } = name;
}
