using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class ExitBarrierTests
{
    private static readonly Guid Amina = Guid.CreateVersion7(), First = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero), Due = Noon.AddDays(3);
    private static readonly PersonRegistered Registered = new(Guid.CreateVersion7(), Guid.CreateVersion7(), "R1", Channel.Self, true, new() { FamilyName = "Yusuf" }, Noon);
    private static readonly ExitBarrierRaised Raised = new(First, "employer", null, "officer-1", Due, "the foreman", Noon);

    private static RaiseExitBarrier Raise(string kind, string? state = null, DateTimeOffset? due = null) => new(Guid.CreateVersion7(), kind, state, "officer-1", due ?? Due, null, Noon);

    [Fact]
    public void A_barrier_has_an_owner_and_a_time() =>
        Assert.Equal(("officer-1", Due), Spec.Given<Barriers>(Amina, Registered).When(person => RaiseExitBarrier.Decide(person, Raise("debt"))).ThenOne<ExitBarrierRaised>() is var e ? (e.Owner, e.DueAt) : default);

    [Fact]
    public void What_is_refused()
    {
        Spec.Given<Barriers>(Amina, Registered).When(person => RaiseExitBarrier.Decide(person, Raise("weather"))).ThenRefused("exit-barrier/kind-unknown");
        Spec.Given<Barriers>(Amina, Registered).When(person => RaiseExitBarrier.Decide(person, Raise("debt", "SDN"))).ThenRefused("exit-barrier/state-needless");
        Spec.Given<Barriers>(Amina, Registered).When(person => RaiseExitBarrier.Decide(person, Raise("debt", due: Noon))).ThenRefused("exit-barrier/due-before");
        Spec.Given<Barriers>(Amina, Registered, Raised).When(person => RaiseExitBarrier.Decide(person, Raise("employer"))).ThenRefused("exit-barrier/already-open");
        Spec.Given<Barriers>(Amina).When(person => RaiseExitBarrier.Decide(person, Raise("debt"))).ThenRefused("person/unknown");
    }

    [Fact]
    public void Two_states_may_each_miss_a_permit() =>
        Spec.Given<Barriers>(Amina, Registered, new ExitBarrierRaised(First, "exit-permit", "SDN", "o", Due, null, Noon)).When(person => RaiseExitBarrier.Decide(person, Raise("exit-permit", "EGY"))).ThenOne<ExitBarrierRaised>();

    [Fact]
    public void It_is_cleared_once()
    {
        ResolveExitBarrier clear = new(First, "officer-2", "paid", Noon.AddDays(1));
        var cleared = Spec.Given<Barriers>(Amina, Registered, Raised).When(person => ResolveExitBarrier.Decide(person, clear)).ThenOne<ExitBarrierResolved>();
        Spec.Given<Barriers>(Amina, Registered, Raised, cleared).When(person => ResolveExitBarrier.Decide(person, clear)).ThenNothing();
        Spec.Given<Barriers>(Amina, Registered).When(person => ResolveExitBarrier.Decide(person, clear)).ThenRefused("exit-barrier/unknown");
        Spec.Given<Barriers>(Amina, Registered, Raised).When(person => ResolveExitBarrier.Decide(person, clear with { Outcome = null })).ThenRefused("exit-barrier/outcome-missing");
        Spec.Given<Barriers>(Amina, Registered, Raised).When(person => ResolveExitBarrier.Decide(person, clear with { At = Noon.AddDays(-1) })).ThenRefused("exit-barrier/resolved-before");
    }

    [Fact]
    public void The_clock_escalates_once_and_only_what_is_open_and_due()
    {
        Spec.Given<Barriers>(Amina, Registered, Raised).When(person => Barriers.Escalate(person, Due.AddSeconds(-1))).ThenNothing();
        var overdue = Spec.Given<Barriers>(Amina, Registered, Raised).When(person => Barriers.Escalate(person, Due)).ThenOne<ExitBarrierOverdue>();
        Spec.Given<Barriers>(Amina, Registered, Raised, overdue).When(person => Barriers.Escalate(person, Due.AddDays(9))).ThenNothing();
        Spec.Given<Barriers>(Amina, Registered, Raised, new ExitBarrierResolved(First, "o", null, Noon)).When(person => Barriers.Escalate(person, Due)).ThenNothing();
        Spec.Given<Barriers>(Amina, Registered, Raised, new PersonErased("o", "wish", Noon)).When(person => Barriers.Escalate(person, Due)).ThenNothing();
    }
}
