using FsCheck;
using FsCheck.Fluent;

namespace CrisisCoordination.Triage.Tests;

/// <summary>Arbitrary people, groups and rankings.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public static readonly Gen<Needs> Anyone =
        from age in Gen.OneOf(Gen.Constant<int?>(null), Gen.Choose(0, 100).Select(years => (int?)years))
        from infant in Rarely
        from alone in Rarely
        from specific in Flags<SpecificNeeds>()
        from mobility in Gen.Frequency((4, Gen.Constant(Mobility.None)), (1, Gen.Elements(Enum.GetValues<Mobility>())))
        from now in Flags<NeedsNow>()
        from danger in Flags<Dangers>()
        from inArea in Gen.Elements(true, false)
        from hour in Gen.Choose(0, 5)
        select new Needs(Monday.AddHours(hour), age, infant, alone, specific, mobility, now, danger, inArea);

    public static readonly Gen<Needs[]> AnyGroup = Anyone.NonEmptyListOf().Select(members => members.ToArray());

    // Few ids and few hours, so that ties on every step of the order do occur.
    public static readonly Gen<Ranked> AnyPlace =
        from needs in Anyone
        from id in Gen.Choose(1, 3)
        select Ranked.Of(new Guid(id, 0, 0, new byte[8]), [needs]);

    public static void Always<T>(Gen<T> gen, Func<T, bool> holds) =>
        Prop.ForAll(gen.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static Gen<bool> Rarely => Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)));

    // Sparse: with every flag as likely as not, nearly everybody would be in tier 1.
    private static Gen<T> Flags<T>() where T : struct, Enum =>
        Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Constant(1)))
            .ArrayOf(Enum.GetValues<T>().Length)
            .Select(picks => (T)(object)Enum.GetValues<T>().Where((_, i) => picks[i] == 1).Aggregate(0, (all, flag) => all | (int)(object)flag));
}
