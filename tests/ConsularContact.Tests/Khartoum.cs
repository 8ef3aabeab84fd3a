using CrisisCoordination.ConsularContact.Intake;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests;

/// <summary>The Khartoum scenario, where a checkout has it beside itself; it is not part of this repository.</summary>
internal static class Khartoum
{
    public static async Task<List<RowResult>> Rows()
    {
        var file = Path();
        Assert.SkipWhen(file is null, "The Khartoum scenario is not beside this repository (../shared/scenarios/khartoum).");
        await using var stream = File.OpenRead(file!);
        return await RegistrationFile.ReadAsync(stream).ToListAsync();
    }

    private static string? Path()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.Path.Combine(folder.FullName, "CrisisCoordination.sln") is var solution && File.Exists(solution))
                return System.IO.Path.Combine(folder.Parent!.FullName, "shared/scenarios/khartoum/registrations.csv") is var file && File.Exists(file) ? file : null;
        return null;
    }
}
