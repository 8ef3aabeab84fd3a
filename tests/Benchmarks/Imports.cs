using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Access;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Finding;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.Benchmarks;

/// <summary>A file of registrations onto people who are known already, taken in by a service of its own process.</summary>
internal static class Imports
{
    public const string Part = "import";
    private const int AtOnce = 250;
    private const string Secret = "a-long-enough-secret-7";

    private const string Alert = """
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>B-1</identifier><sender>cell@example.org</sender><sent>2026-05-04T07:40:00-00:00</sent>
          <status>Exercise</status><msgType>Alert</msgType><scope>Public</scope>
          <info><category>Met</category><event>Cyclone</event><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty>
            <area><areaDesc>Town</areaDesc><polygon>14,30 14,34 17,34 17,30 14,30</polygon></area></info></alert>
        """;

    public static async Task RunAsync(Ground ground)
    {
        var (rows, known) = ground.Long ? (25_000, 130_000) : (5_000, 20_000);
        Console.WriteLine($"\nImport of {rows:N0} rows onto {known:N0} people, matching included");
        var access = AccessService.Define().Build([.. OtherProcess.Settings(ground, "access"), "--Access:Administrator=administrator", $"--Access:AdministratorPassword={Secret}"]);
        await access.StartAsync();
        var settings = OtherProcess.Settings(ground, "consular_contact").Select(s => s.StartsWith("--urls", StringComparison.Ordinal) ? $"--urls=http://127.0.0.1:{FreePort()}" : s).ToArray();
        using var service = OtherProcess.Start(Part, settings);
        try
        {
            using var http = new HttpClient { BaseAddress = new(settings.First(s => s.StartsWith("--urls", StringComparison.Ordinal))["--urls=".Length..]), Timeout = TimeSpan.FromMinutes(2) };
            for (var ready = false; !ready; await Task.Delay(200))
                try { ready = (await http.GetAsync("/health/ready")).IsSuccessStatusCode; } catch (HttpRequestException) { }
            await SignInAsync(access.Urls.First(), http);
            var crisis = await IdAsync(await http.PostAsync("/crises", new StringContent(Alert, Encoding.UTF8, "application/xml")), "crisisId");

            var people = new Crowd(7).People(known);
            var watch = Stopwatch.StartNew();
            await FillAsync(ground, crisis, people);
            Console.WriteLine($"  {"filled with people",-34} {known / watch.Elapsed.TotalSeconds,9:N0} people/s");
            await ground.RunAsync("analyze; checkpoint");
            var before = Peak(service);

            var (content, last) = (File(people, rows), await ground.NumberAsync("select max(seq_id) from timeline.mt_events"));
            watch.Restart();
            var processor = service.TotalProcessorTime;
            var import = await IdAsync(await http.PostAsync($"/imports?crisis={crisis}&sender=desk&vouched=true", new ByteArrayContent(content) { Headers = { ContentType = new("text/csv") } }), "importId");
            JsonElement state;
            do
            {
                await Task.Delay(250);
                state = await http.GetFromJsonAsync<JsonElement>($"/imports/{import}");
            }
            while (state.GetProperty("state").GetString() is not ("done" or "failed"));
            var seconds = watch.Elapsed.TotalSeconds;
            service.Refresh();
            Console.WriteLine($"  {"file taken in",-34} {rows / seconds,9:N0} rows/s   {seconds:0.0} s   reach 278 rows/s, which is 25,000 in 90 s   processor {(service.TotalProcessorTime - processor).TotalMilliseconds / rows:0.00} ms a row");
            var floor = await FloorAsync(ground, import, last);
            Console.WriteLine(FormattableString.Invariant($"  {"floor: the same rows, written only",-34} {rows / floor,9:N0} rows/s   {floor:0.0} s   ratio {floor / seconds:0.00}"));
            Console.WriteLine($"  {"what became of it",-34} accepted {state.GetProperty("accepted")}, of them known before {state.GetProperty("repeated")}, refused {state.GetProperty("refused")}");
            Console.WriteLine($"  {"peak memory of the service",-34} {Peak(service),9:N0} MB   before the file {before:N0} MB, the file itself {content.Length / 1048576d:0.0} MB");
        }
        finally
        {
            service.Kill();
            await access.DisposeAsync();
        }
    }

    /// <summary>Seconds to write the same rows once more, a hundred of the file in one transaction: nothing read, matched, sealed or sent.</summary>
    private static async Task<double> FloorAsync(Ground ground, Guid import, long last)
    {
        string[] models = ["person", "match_key", "reference", "findable", "match"];
        await ground.RunAsync(string.Concat(models.Select(model => $"create table if not exists floor.{model} (like consular_contact.{model} including all); truncate floor.{model};")));
        var rows = await ground.NumberAsync($"select max(row_number) from consular_contact.import_row where import_id = '{import}'");
        var watch = Stopwatch.StartNew();
        for (var row = 1L; row < rows; row += 100)
        {
            var batch = $"(select person_id from consular_contact.import_row where import_id = '{import}' and row_number > {row} and row_number <= {row + 100})";
            await ground.RunAsync($"""
                insert into floor.mt_streams select * from timeline.mt_streams where id in {batch} on conflict do nothing;
                insert into floor.mt_events select * from timeline.mt_events where seq_id > {last} and stream_id in {batch} on conflict do nothing;
                {string.Concat(models.Select(model => $"delete from floor.{model} where stream_id in {batch}; insert into floor.{model} select * from consular_contact.{model} where stream_id in {batch};"))}
                """);
        }
        return watch.Elapsed.TotalSeconds;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task SignInAsync(string accessAddress, HttpClient http)
    {
        using var access = new HttpClient { BaseAddress = new(accessAddress) };
        for (var ready = false; !ready; await Task.Delay(100)) ready = (await access.GetAsync("/health/ready")).IsSuccessStatusCode;
        access.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync("administrator"));
        (await access.PostAsJsonAsync("/accounts", new { account = "bench", password = Secret, roles = new[] { "officer", "coordinator" }, post = "bench" })).EnsureSuccessStatusCode();
        http.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync("bench"));

        async Task<string> TokenAsync(string account) =>
            (await (await access.PostAsJsonAsync("/sign-in", new { account, password = Secret })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }

    private static async Task<Guid> IdAsync(HttpResponseMessage answer, string name) =>
        answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(name).GetGuid() : throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());

    // VmHWM, in MB.
    private static double Peak(Process process) => double.Parse(System.IO.File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;

    private static async Task FillAsync(Ground ground, Guid crisisId, Registration[] people)
    {
        using var store = new TimelineStore(ground.Database, new TimelineOptions { MasterKey = ground.MasterKey, Inline = [.. ConsularContact.Person.ReadModels("consular_contact"), .. ReviewMatches.ReadModels("consular_contact"), Findable.ReadModel("consular_contact")] }, TimeProvider.System);
        var crisis = (await store.LoadAsync<Crisis>(crisisId)).State;
        await Parallel.ForEachAsync(people.Select((form, i) => (Form: form, Number: i)).Chunk(AtOnce), new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (chunk, ct) =>
            await store.AttemptAsync(work =>
            {
                foreach (var (form, number) in chunk)
                {
                    var decided = RegisterPerson.Decide([], _ => throw new InvalidOperationException(), crisis,
                        new(Guid.CreateVersion7(), Guid.CreateVersion7(), crisisId, "before", new(Crowd.Morning, Channel.Self, $"K{number}", form)), "bench");
                    work.Append(decided.PersonId, Decision.Of(decided.Events));
                }
                return Task.FromResult<Refusal?>(null);
            }, new By("bench"), ct));
    }

    // One row in twelve is somebody known, as they would be written the second time.
    private static byte[] File(Registration[] known, int rows)
    {
        var crowd = new Crowd(8);
        var fresh = crowd.People(rows);
        var dice = new Random(9);
        var text = new StringBuilder("registered_at,channel,reference,family_name,given_names,name_in_original_script,sex,date_of_birth,nationality,document_type,document_no,document_expiry,document_status,phone,place,latitude,longitude,household_ref,household_role,specific_needs,mobility,needs_now,fear_of_return_to,share_with,notes\n");
        for (var i = 0; i < rows; i++)
        {
            var form = dice.Next(12) == 0 ? known[dice.Next(known.Length)] with { HouseholdReference = null, HouseholdRole = null, Position = null } : fresh[i];
            var d = form.Document;
            text.AppendJoin(',', $"2026-05-05T{i % 24:00}:00:00Z", "self", $"R{i}", form.FamilyName, form.GivenNames, "", form.Sex, form.BirthDate, form.Nationality,
                d?.Type, d?.Number, d?.Expiry?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), d is null ? "none" : "valid", form.Phone, form.Place is { } place ? $"\"{place}\"" : "",
                form.Position?.Latitude.ToString(CultureInfo.InvariantCulture), form.Position?.Longitude.ToString(CultureInfo.InvariantCulture), form.HouseholdReference, form.HouseholdRole,
                string.Join(';', form.SpecificNeeds), "none", string.Join(';', form.NeedsNow), "", string.Join(';', form.ShareWith), $"\"Called twice, line {i}; speaks little English.\"").Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>
    /// Synthetic people whose names are as frequent as names are: the commonest family name is one in forty, half of all
    /// names are rare; one in twelve has 1 January as a birthday; families share a name, a place and often a telephone.
    /// </summary>
    private sealed class Crowd(int seed)
    {
        public static readonly DateTimeOffset Morning = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

        private static readonly string[] Nations = ["SDN", "ETH", "PHL", "IND", "NPL", "BGD", "EGY", "SYR", "KEN", "UGA"];
        private static readonly string[] Common = "Mohamed Ahmed Ali Hassan Ibrahim Osman Abdallah Omar Yusuf Khalid Mustafa Salih Adam Idris Fatima Mariam Amina Aisha Zainab Khadija Halima Tesfaye Bekele Abebe Girma Haile Alemu Tadesse Santos Reyes Cruz Garcia Mendoza Ramos Singh Kumar Sharma Patel Rahman Hossain Islam Gurung Tamang Thapa Okello Achieng Wanjiru Otieno Deng Garang".Split(' ');
        private readonly Random dice = new(seed);

        public Registration[] People(int count)
        {
            var people = new List<Registration>(count + 8);
            for (var household = 0; people.Count < count; household++)
            {
                var (family, phone, nation, spot) = (Name(), Phone(), Nations[Math.Min(dice.Next(10), dice.Next(10))], new Position(Math.Round(14 + (dice.NextDouble() * 4), 5), Math.Round(30 + (dice.NextDouble() * 4), 5)));
                var size = dice.Next(100) < 45 ? 1 : 2 + dice.Next(6);
                for (var member = 0; member < size; member++)
                    people.Add(new()
                    {
                        FamilyName = family,
                        GivenNames = dice.Next(3) == 0 ? $"{Name()} {Name()}" : Name(),
                        Sex = dice.Next(2) == 0 ? Sex.Female : Sex.Male,
                        BirthDate = dice.Next(12) == 0 ? new BirthDate(1940 + dice.Next(84), 1, 1) : new BirthDate(1940 + dice.Next(84), 1 + dice.Next(12), 1 + dice.Next(28)),
                        Nationality = nation,
                        Phone = dice.Next(3) == 0 ? phone : Phone(),
                        Document = dice.Next(100) < 65 ? new("passport", $"{(char)('A' + dice.Next(26))}{(char)('A' + dice.Next(26))}{dice.Next(10_000_000):0000000}", new DateOnly(2027 + dice.Next(8), 1 + dice.Next(12), 1 + dice.Next(28)), DocumentStatus.Valid) : null,
                        Place = $"Khartoum, block {dice.Next(400)}",
                        Position = dice.Next(2) == 0 ? spot : null,
                        HouseholdReference = size > 1 ? $"H{seed}-{household}" : null,
                        HouseholdRole = size == 1 ? null : member switch { 0 => "head", 1 => "spouse", _ => "child" },
                        SpecificNeeds = dice.Next(8) == 0 ? ["SM"] : [],
                        NeedsNow = dice.Next(2) == 0 ? ["food", "water"] : [],
                        ShareWith = dice.Next(2) == 0 ? ["UNHCR", "IOM"] : [],
                    });
            }
            return [.. people.Take(count)];
        }

        private string Phone() => $"+2499{dice.Next(100_000_000):00000000}";

        private string Name() => dice.Next(2) == 0 ? Common[(int)(Common.Length * Math.Pow(dice.NextDouble(), 1.7))] : Rare();

        private string Rare() => string.Concat(Enumerable.Range(0, 2 + dice.Next(2)).Select((_, i) => $"{(i == 0 ? "BDFGHJKLMNRSTWZ" : "bdfghjklmnrstwz")[dice.Next(15)]}{"aeiou"[dice.Next(5)]}{(dice.Next(3) == 0 ? "nrmls"[dice.Next(5)] : "")}"));
    }
}
