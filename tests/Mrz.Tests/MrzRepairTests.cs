using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Mrz.Tests;

public sealed class MrzRepairTests
{
    // The specimen of Doc 9303 Part 4, Appendix B.
    private const string Eriksson = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    [Fact]
    public void A_zone_that_contradicts_itself_nowhere_needs_no_repair() => Assert.Empty(MrzRepair.Offer(MrzLayout.Read(Eriksson)!));

    [Theory]
    [InlineData("L898902C36UTO", "L8989O2C36UTO", 2, 6, 'O', '0')]
    [InlineData("UTO7408122F", "UT07408122F", 2, 13, '0', 'O')]
    [InlineData("7408122F", "74O8122F", 2, 16, 'O', '0')]
    [InlineData("F1204159", "F12O4159", 2, 24, 'O', '0')]
    [InlineData("P<UTOERIKSSON", "P<UTOER1KSSON", 1, 8, '1', 'I')]
    [InlineData("ZE184226B", "2E184226B", 2, 29, '2', 'Z')]
    public void What_a_camera_takes_for_something_else_is_offered_first(string written, string read, int line, int column, char found, char proposed)
    {
        var reading = MrzLayout.Read(Eriksson.Replace(written, read))!;
        Assert.False(reading.Consistent);
        var repair = MrzRepair.Offer(reading)[0];
        Assert.Equal([new MrzChange(line, column, found, proposed)], repair.Changes);
        Assert.Equal(Eriksson, string.Join('\n', repair.Lines));
    }

    [Fact]
    public void Several_misread_fields_are_put_right_together()
    {
        var reading = MrzLayout.Read(Eriksson.Replace("L898902C36UTO7408122F", "LB98902C36UT074O8122F"))!;
        Assert.Contains(MrzRepair.Offer(reading), repair => string.Join('\n', repair.Lines) == Eriksson && repair.Changes.Count == 3);
    }

    [Fact]
    public void A_number_that_no_misreading_explains_gets_no_proposal() =>
        Assert.DoesNotContain(MrzRepair.Offer(MrzLayout.Read(Eriksson.Replace("L898902C36", "L898902C37"))!), repair => repair.Changes.Any(change => change.Column == 10));

    [Fact]
    public void Every_proposal_is_consistent_and_says_all_that_it_changes()
    {
        var damaged = ArbMap.Default.ArbFor<int>().Generator.Three().Select(n => Damage(n.Item1, n.Item2, n.Item3)).Where(zone => MrzLayout.Read(zone) is { Consistent: false });
        Prop.ForAll(damaged.ToArbitrary(), zone =>
        {
            var reading = MrzLayout.Read(zone)!;
            var offered = MrzRepair.Offer(reading);
            Assert.True(offered.Count <= 5);
            foreach (var repair in offered)
            {
                Assert.True(MrzLayout.Read(string.Concat(repair.Lines))!.Consistent);
                var again = reading.Lines.Select(line => line.ToCharArray()).ToArray();
                foreach (var change in repair.Changes)
                {
                    Assert.Equal(change.Found, again[change.Line - 1][change.Column - 1]);
                    again[change.Line - 1][change.Column - 1] = change.Proposed;
                }
                Assert.Equal(repair.Lines, again.Select(line => new string(line)));
            }
        }).QuickCheckThrowOnFailure();

        static string Damage(int a, int b, int c)
        {
            const string characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
            var zone = Eriksson.Replace("\n", "").ToCharArray();
            foreach (var n in new[] { a, b, c }) zone[1 + (int)((uint)n % (zone.Length - 1))] = characters[(int)((uint)n / 7 % characters.Length)];
            return new string(zone);
        }
    }
}
