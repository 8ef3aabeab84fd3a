using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.ConsularContact.Outreach.Sending;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact.Outreach;

/// <summary>A house with a gateway for short messages and calls and a mail server, both of third parties and stood in for; its clock can be put forward.</summary>
public sealed class OutreachHouse : House
{
    private readonly ShiftedClock clock = new();

    internal StandInGateway Gateway { get; private set; } = null!;
    internal StandInMailServer Mail { get; } = new();
    public string Folder { get; } = Directory.CreateTempSubdirectory("outreach-").FullName;
    public static string WebhookSecret => "whsec_" + Convert.ToBase64String(Encoding.ASCII.GetBytes("a secret between two"));

    public HttpClient Officer { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        Gateway = await StandInGateway.StartAsync();
        await StartAsync(ConsularContactService.Define().With(services => services.AddSingleton<TimeProvider>(clock)),
            $"--Outreach:Folder={Folder}", $"--Outreach:Sms:Address={Gateway.Address}", "--Outreach:Sms:Secret=gateway-secret", $"--Outreach:Sms:WebhookSecret={WebhookSecret}", "--Outreach:Sms:BreakSeconds=1", "--Outreach:Sms:PerSecond=200",
            $"--Outreach:Voice:Address={Gateway.Address}", "--Outreach:Voice:Secret=gateway-secret",
            "--Outreach:Email:Host=127.0.0.1", $"--Outreach:Email:Port={Mail.Port}", "--Outreach:Email:Tls=false", "--Outreach:Email:From=post@example.org", "--Outreach:Email:BreakSeconds=1");
        Officer = await ClientAsync(Service.ConsularContact, Roles.Officer);
    }

    /// <summary>Puts the clock of the service forward. Whoever signed in before may have to do so again.</summary>
    public void Later(TimeSpan time) => clock.Ahead += time;

    public async Task<Guid> CrisisAsync(string status = "Actual")
    {
        var id = Guid.CreateVersion7();
        await Part<TimelineStore>(Service.ConsularContact).AttemptAsync(work => Task.FromResult(work.Append(id,
            new CrisisOpened($"{id}", "test", status, "Floods at Beira", [new("Beira", [], new(-19.8, 34.8), 50)], DateTimeOffset.UtcNow.AddDays(-9)))));
        return id;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Gateway.DisposeAsync();
        await Mail.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}

public sealed class OutreachHttpTests(OutreachHouse house) : IClassFixture<OutreachHouse>
{
    private static int people;

    private HttpClient Officer => house.Officer;

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri!.AbsolutePath} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> PostAsync(string path, object body, HttpClient? client = null) => await BodyAsync(await (client ?? Officer).PostAsJsonAsync(path, body));

    private async Task RefusedAsync(string path, object body, HttpStatusCode status, string code, HttpClient? client = null)
    {
        var answer = await (client ?? Officer).PostAsJsonAsync(path, body);
        Assert.Equal((status, code), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
    }

    /// <summary>Somebody of their own, so that nobody is matched with anybody.</summary>
    private async Task<(Guid Id, string Phone, string Email)> PersonAsync(Guid crisis, object? more = null, HttpClient? officer = null)
    {
        var n = Interlocked.Increment(ref people);
        var (phone, email) = ($"+25884{5550000 + n}", $"person{n}@example.org");
        var form = JsonSerializer.SerializeToNode(new { familyName = $"Family{(char)('a' + n % 26)}{(char)('a' + n / 26 % 26)}{n}", givenNames = $"Given{n}", sex = "female", birthDate = $"19{50 + n % 49}-0{1 + n % 9}-1{n % 10}", nationality = "ETH", phone, email, language = "am" })!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(more ?? new { })!.AsObject()) form[name] = value?.DeepClone();
        var body = await PostAsync("/people", new { crisisId = crisis, reference = $"R{n}", channel = "phone", registeredAt = DateTimeOffset.UtcNow.AddDays(-2), registration = form }, officer);
        return (body.GetProperty("personId").GetGuid(), phone, email);
    }

    private async Task<Guid> TemplateAsync(params object[] texts) => (await PostAsync("/outreach/templates", new
    {
        name = "Are you safe",
        texts = texts.Length > 0 ? texts : [new { language = "en", subject = "Are you safe?", text = "{crisis}: are you safe? Answer 1 if safe, 2 if you need help. {reference}" }, new { language = "am", text = "ደህና ነዎት? 1 ወይም 2 ይመልሱ።" }],
    })).GetProperty("templateId").GetGuid();

    private async Task<Guid> WaveAsync(Guid crisis, object? more = null, HttpClient? officer = null)
    {
        var body = JsonSerializer.SerializeToNode(new { crisisId = crisis, templateId = await TemplateAsync() })!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(more ?? new { })!.AsObject()) body[name] = value?.DeepClone();
        return (await PostAsync("/outreach/waves", body, officer)).GetProperty("waveId").GetGuid();
    }

    private async Task<JsonElement> ProgressAsync(Guid wave) => (await Officer.GetFromJsonAsync<JsonElement>($"/outreach/waves/{wave}")).GetProperty("progress");

    private Task ReachesAsync(Guid wave, string state, int count) =>
        Eventually.TrueAsync(async () => (await ProgressAsync(wave)).GetProperty("counts").GetProperty(state).GetInt32() == count, $"{count} of {wave} are {state}");

    private async Task<Contacts> ContactsAsync(Guid person) => (await house.Part<TimelineStore>(Service.ConsularContact).LoadAsync<Contacts>(person)).State;

    private async Task<HttpResponseMessage> ProviderSaysAsync(string path, object body, string? signature = null, DateTimeOffset? at = null)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web);
        var (id, time) = ("m-1", $"{(at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds()}");
        using var provider = house.Anyone(Service.ConsularContact);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add(ProviderSignature.Id, id);
        request.Headers.Add(ProviderSignature.Timestamp, time);
        request.Headers.Add(ProviderSignature.Signature, signature ?? ProviderSignature.Sign(ProviderSignature.Read(OutreachHouse.WebhookSecret), id, time, bytes));
        return await provider.SendAsync(request);
    }

    [Fact]
    public async Task A_wave_writes_to_each_once_in_their_language_and_hears_what_they_answer()
    {
        var crisis = await house.CrisisAsync();
        var (safe, help, words, mute) = (await PersonAsync(crisis), await PersonAsync(crisis, new { language = "pt" }), await PersonAsync(crisis), await PersonAsync(crisis, new { phone = (string?)null, email = (string?)null }));
        var preview = default(JsonElement);
        var body = new { crisisId = crisis, templateId = await TemplateAsync() };
        await Eventually.TrueAsync(async () => (preview = await PostAsync("/outreach/waves/preview", body)).GetProperty("people").GetInt32() == 4, "all four would be reached");
        Assert.Equal((3, 1, 2), (preview.GetProperty("byChannel").GetProperty("sms").GetInt32(), preview.GetProperty("noSafeWay").GetInt32(), preview.GetProperty("byLanguage").GetArrayLength()));
        Assert.Equal(("am", 3, "UCS-2"), preview.GetProperty("byLanguage")[0] is var am ? (am.GetProperty("language").GetString(), am.GetProperty("people").GetInt32(), am.GetProperty("sms").GetProperty("encoding").GetString()) : default);

        var wave = await WaveAsync(crisis);
        await ReachesAsync(wave, "sent", 3);
        await ReachesAsync(wave, "unreachable", 1);
        // Others of this class write to numbers of their own, some of them shared.
        var got = house.Gateway.Delivered.Values.Where(one => one.To == safe.Phone || one.To == help.Phone || one.To == words.Phone).ToDictionary(one => one.To);
        Assert.Equal("ደህና ነዎት? 1 ወይም 2 ይመልሱ።", got[safe.Phone].Text);
        Assert.StartsWith("Floods at Beira: are you safe?", got[help.Phone].Text);
        Assert.DoesNotContain(got.Values, one => one.Text.Contains("Family", StringComparison.Ordinal) || one.Text.Contains('{'));

        Assert.Equal(HttpStatusCode.NoContent, (await ProviderSaysAsync("/outreach/providers/sms/receipts", new { attempt = got[safe.Phone].Key, status = "delivered" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await ProviderSaysAsync("/outreach/providers/sms/receipts", new { attempt = got[safe.Phone].Key, status = "failed", reason = "late" })).StatusCode);
        await ReachesAsync(wave, "delivered", 1);
        Assert.Contains("\"registered\"", await Officer.GetStringAsync("/lists/unreached?limit=1000"));

        for (var twice = 0; twice < 2; twice++)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await ProviderSaysAsync("/outreach/providers/sms/replies", new { id = "r1", attempt = got[safe.Phone].Key, text = "1" })).StatusCode);
            Assert.Equal(HttpStatusCode.NoContent, (await ProviderSaysAsync("/outreach/providers/sms/replies", new { id = "r2", from = help.Phone[4..], text = "HELP" })).StatusCode);
            Assert.Equal(HttpStatusCode.NoContent, (await ProviderSaysAsync("/outreach/providers/sms/replies", new { id = "r3", from = words.Phone, text = "Wo ist Qabila?" })).StatusCode);
        }
        await ReachesAsync(wave, "answered", 2);
        Assert.Equal(("safe", "message"), (await Officer.GetFromJsonAsync<JsonElement>($"/people/{safe.Id}/whereabouts")).GetProperty("state") is var state ? (state.GetProperty("state").GetString(), state.GetProperty("source").GetString()) : default);
        await Eventually.TrueAsync(async () => (await Officer.GetStringAsync("/lists/help-asked?limit=1000")).Contains($"{help.Id}"), "help is asked");
        Assert.Single((await ContactsAsync(help.Id)).Replies);

        await Eventually.TrueAsync(async () => (await Officer.GetStringAsync("/lists/waiting?limit=1000")).Contains($"{words.Id}"), "the words wait to be read");
        var reply = (await Officer.GetFromJsonAsync<JsonElement>($"/people/{words.Id}/contacts")).GetProperty("replies")[0];
        Assert.Equal("Wo ist Qabila?", reply.GetProperty("text").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await Officer.PostAsync($"/people/{words.Id}/replies/{reply.GetProperty("replyId").GetGuid()}/handled", null)).StatusCode);
        await Eventually.TrueAsync(async () => !(await Officer.GetStringAsync("/lists/waiting?limit=1000")).Contains($"{words.Id}"), "the words were read");
        Assert.Contains("field-visit", await Officer.GetStringAsync("/lists/waiting?limit=1000"));

        // Nothing of what was said or where it went stands in the open.
        await using var stored = house.Part<Npgsql.NpgsqlDataSource>(Service.ConsularContact).CreateCommand("select count(*) from timeline.mt_events where data::text like '%Qabila%' or data::text like '%' || $1 || '%' or data::text like '%person%@%'");
        stored.Parameters.Add(new() { Value = words.Phone[4..] });
        Assert.Equal(0L, await stored.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_gateway_that_fails_or_loses_its_answers_delays_everybody_and_loses_and_doubles_nobody()
    {
        var crisis = await house.CrisisAsync();
        var all = new List<string>();
        for (var i = 0; i < 12; i++) all.Add((await PersonAsync(crisis, new { language = "pt", email = (string?)null })).Phone);
        house.Gateway.Fault = (got, times) => !all.Contains(got.To) ? null : times < 3 ? (times + got.Key.GetHashCode()) % 2 == 0 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable : null;
        var wave = await WaveAsync(crisis, new { channels = new[] { "sms" } });
        await ReachesAsync(wave, "sent", 12);
        house.Gateway.Fault = (_, _) => null;
        Assert.Equal(all.Order(), house.Gateway.Delivered.Values.Select(got => got.To).Where(all.Contains).Order());
    }

    [Fact]
    public async Task Mail_goes_out_with_the_attempt_as_its_id_and_one_that_broke_off_is_not_sent_again()
    {
        var crisis = await house.CrisisAsync();
        var (good, lost, none, late) = (await PersonAsync(crisis), await PersonAsync(crisis), await PersonAsync(crisis), await PersonAsync(crisis));
        var refusals = 0;
        // The last of them is put off for longer than the tries of one sending go on.
        house.Mail.AtEnd = to => to == lost.Email ? "" : to == late.Email && Interlocked.Increment(ref refusals) < 6 ? "451 4.3.0 later" : null;
        house.Mail.AtRecipient = to => to == none.Email ? "550 5.1.1 nobody" : null;
        var wave = await WaveAsync(crisis, new { channels = new[] { "email" } });
        await ReachesAsync(wave, "sent", 2);
        await ReachesAsync(wave, "uncertain", 1);
        await ReachesAsync(wave, "unreachable", 1);
        Assert.Single(house.Mail.Mails, mail => mail.To == late.Email);
        var mail = Assert.Single(house.Mail.Mails, mail => mail.To == good.Email).Mail;
        Assert.Contains($"Message-ID: <{(await ContactsAsync(good.Id)).Attempts.Single().Id:N}@example.org>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Single(house.Mail.Mails, mail => mail.To == lost.Email);
        Assert.Equal("smtp-550", (await ContactsAsync(none.Id)).Attempts.Single().Why);
    }

    [Fact]
    public async Task Whom_others_keep_changing_is_written_to_once_they_let_go()
    {
        var crisis = await house.CrisisAsync();
        var person = await PersonAsync(crisis);
        Guid wave;
        await using (var held = await HeldTimeline.HoldAsync(house, person.Id))
        {
            wave = await WaveAsync(crisis, new { channels = new[] { "sms" } });
            await held.TriedAsync(TimelineStore.Attempts + 1);
        }
        await ReachesAsync(wave, "sent", 1);
        Assert.Single(house.Gateway.Delivered.Values, one => one.To == person.Phone);
    }

    [Fact]
    public async Task A_mail_that_was_put_off_is_sent_though_others_kept_changing_the_person_meanwhile()
    {
        var crisis = await house.CrisisAsync();
        var person = await PersonAsync(crisis);
        var refusals = 0;
        using SemaphoreSlim asked = new(0), holding = new(0);
        // The first answers wait until others hold the person, and are more than the tries of one sending.
        house.Mail.AtEnd = to =>
        {
            if (to != person.Email || Interlocked.Increment(ref refusals) is var times && times >= 6) return null;
            if (times > 1) return "451 4.3.0 later";
            asked.Release();
            holding.Wait();
            return "451 4.3.0 later";
        };
        var wave = await WaveAsync(crisis, new { channels = new[] { "email" } });
        await asked.WaitAsync(TestContext.Current.CancellationToken);
        await using (var held = await HeldTimeline.HoldAsync(house, person.Id))
        {
            holding.Release();
            await held.TriedAsync(TimelineStore.Attempts + 1);
        }
        await ReachesAsync(wave, "sent", 1);
        Assert.Single(house.Mail.Mails, mail => mail.To == person.Email);
    }

    [Fact]
    public async Task An_exercise_writes_to_files_and_to_nobody()
    {
        var crisis = await house.CrisisAsync("Exercise");
        var person = await PersonAsync(crisis);
        await ReachesAsync(await WaveAsync(crisis), "sent", 1);
        var attempt = (await ContactsAsync(person.Id)).Attempts.Single();
        var file = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(house.Folder, "sms", $"{attempt.Id:N}.json")));
        Assert.Equal((person.Phone, "am", "file"), (file.GetProperty("address").GetString(), file.GetProperty("language").GetString(), attempt.Provider));
        Assert.DoesNotContain(house.Gateway.Delivered.Values, got => got.To == person.Phone);
    }

    [Fact]
    public async Task Nobody_is_reached_at_another_time_or_on_another_way_than_is_safe_and_what_is_left_is_a_call()
    {
        var crisis = await house.CrisisAsync();
        var hours = DateTimeOffset.UtcNow.AddHours(3);
        var waits = await PersonAsync(crisis, new { safeTimes = new[] { $"{hours:HH}:00-{hours.AddHours(2):HH}:00+00:00" } });
        var called = await PersonAsync(crisis, new { safeChannels = new[] { "voice" }, femaleOfficer = true, interpreterLanguage = "ti", language = "ti" });
        var other = await PersonAsync(crisis, new { safeChannels = new[] { "voice" }, safeTimes = new[] { $"{hours:HH}:00-{hours.AddHours(2):HH}:00+00:00" } });
        var wave = await WaveAsync(crisis, new { channels = new[] { "sms", "email", "call" } });
        await ReachesAsync(wave, "waiting", 2);
        await ReachesAsync(wave, "calling", 1);
        Assert.DoesNotContain(house.Gateway.Delivered.Values, got => got.To == waits.Phone || got.To == called.Phone || got.To == other.Phone);

        var line = Assert.Single((await Officer.GetFromJsonAsync<JsonElement>("/outreach/call-list")).GetProperty("items").EnumerateArray(), line => line.GetProperty("waveId").GetGuid() == wave);
        Assert.Equal((called.Phone, true, "ti"), (line.GetProperty("phone").GetString(), line.GetProperty("femaleOfficer").GetBoolean(), line.GetProperty("interpreterLanguage").GetString()));
        var call = $"/people/{called.Id}/calls/{line.GetProperty("attemptId").GetGuid()}";
        await RefusedAsync(call, new { outcome = "hung-up" }, HttpStatusCode.UnprocessableEntity, "outreach/call-outcome");
        await RefusedAsync($"/people/{waits.Id}/calls/{line.GetProperty("attemptId").GetGuid()}", new { outcome = "no-answer" }, HttpStatusCode.NotFound, "outreach/call-unknown");
        await PostAsync(call, new { outcome = "answered", state = "moving", place = "Dondo" });
        await ReachesAsync(wave, "answered", 1);
        Assert.DoesNotContain((await Officer.GetFromJsonAsync<JsonElement>("/outreach/call-list")).GetProperty("items").EnumerateArray(), line => line.GetProperty("waveId").GetGuid() == wave);
    }

    [Fact]
    public async Task A_wave_is_for_the_posts_own_people_and_nobody_else_learns_of_it()
    {
        var crisis = await house.CrisisAsync();
        var accra = await house.ClientOfPostAsync(Service.ConsularContact, "accra-officer", null, "accra", Roles.Officer);
        var oslo = await house.ClientOfPostAsync(Service.ConsularContact, "oslo-officer", null, "oslo", Roles.Officer);
        var (mine, theirs) = (await PersonAsync(crisis, null, accra), await PersonAsync(crisis, null, oslo));
        var wave = await WaveAsync(crisis, null, accra);
        await Eventually.TrueAsync(() => house.Gateway.Delivered.Values.Any(got => got.To == mine.Phone), "the post's own person is written to");
        await Eventually.TrueAsync(async () => (await accra.GetFromJsonAsync<JsonElement>($"/outreach/waves/{wave}")).GetProperty("progress").GetProperty("gathered").GetBoolean(), "all are found");
        Assert.Empty((await ContactsAsync(theirs.Id)).Asks);

        Assert.Equal(HttpStatusCode.NotFound, (await oslo.GetAsync($"/outreach/waves/{wave}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await oslo.GetAsync($"/outreach/waves/{wave}/progress")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await oslo.PostAsync($"/outreach/waves/{wave}/cancellation", null)).StatusCode);
        Assert.DoesNotContain($"{wave}", await oslo.GetStringAsync("/outreach/waves?limit=1000"));
        Assert.Contains($"{wave}", await accra.GetStringAsync("/outreach/waves?limit=1000"));
        Assert.Contains($"{wave}", await (await house.ClientAsync(Service.ConsularContact, Roles.Auditor)).GetStringAsync("/outreach/waves?limit=1000"));
    }

    [Fact]
    public async Task A_wave_is_seen_live_paused_and_called_off()
    {
        var crisis = await house.CrisisAsync();
        var person = await PersonAsync(crisis, new { email = (string?)null });
        house.Gateway.Fault = (got, _) => got.To == person.Phone ? HttpStatusCode.ServiceUnavailable : null;
        var wave = await WaveAsync(crisis, new { channels = new[] { "sms" } });
        using var live = await Officer.GetAsync($"/outreach/waves/{wave}/progress", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", live.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await live.Content.ReadAsStreamAsync());
        await SaysAsync("\"sending\":1");
        Assert.Equal(HttpStatusCode.NoContent, (await Officer.PostAsync($"/outreach/waves/{wave}/pause", null)).StatusCode);
        await SaysAsync("\"state\":\"paused\"");
        house.Gateway.Fault = (_, _) => null;
        Assert.Equal(HttpStatusCode.NoContent, (await Officer.PostAsync($"/outreach/waves/{wave}/resumption", null)).StatusCode);
        await SaysAsync("\"sent\":1");
        Assert.Equal(HttpStatusCode.NoContent, (await Officer.PostAsync($"/outreach/waves/{wave}/cancellation", null)).StatusCode);
        await SaysAsync("\"state\":\"cancelled\"");
        Assert.Null(await reader.ReadLineAsync() is "" ? await reader.ReadLineAsync() : "more");
        var over = await Officer.PostAsync($"/outreach/waves/{wave}/pause", null);
        Assert.Equal((HttpStatusCode.Conflict, "outreach/wave-over"), (over.StatusCode, (await over.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));

        async Task SaysAsync(string text)
        {
            using var late = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            while (await reader.ReadLineAsync(late.Token) is { } line)
                if (line.Contains(text, StringComparison.Ordinal)) return;
            Assert.Fail($"It ended without »{text}«.");
        }
    }

    [Fact]
    public async Task What_is_no_wave_or_message_is_refused_and_says_why()
    {
        var (crisis, template) = (await house.CrisisAsync(), await TemplateAsync());
        await RefusedAsync("/outreach/templates", new { name = "x", texts = new[] { new { language = "en", text = "Dear {familyName}" } } }, HttpStatusCode.UnprocessableEntity, "outreach/template-placeholder");
        await RefusedAsync("/outreach/templates", new { name = "x", texts = Array.Empty<object>() }, HttpStatusCode.UnprocessableEntity, "outreach/template-texts");
        foreach (var path in new[] { "/outreach/waves", "/outreach/waves/preview" })
        {
            await RefusedAsync(path, new { crisisId = Guid.NewGuid(), templateId = template }, HttpStatusCode.NotFound, "crisis/unknown");
            await RefusedAsync(path, new { crisisId = crisis, templateId = Guid.NewGuid() }, HttpStatusCode.NotFound, "outreach/template-unknown");
            await RefusedAsync(path, new { crisisId = crisis, templateId = template, filter = new { needs = new[] { "money" } } }, HttpStatusCode.UnprocessableEntity, "outreach/need-unknown");
            await RefusedAsync(path, new { crisisId = crisis, templateId = template, channels = new[] { "pigeon" } }, HttpStatusCode.UnprocessableEntity, "outreach/channel-unknown");
            await RefusedAsync(path, new { crisisId = crisis, templateId = template, filter = new { nationalities = (string?[])[null] } }, HttpStatusCode.UnprocessableEntity, "outreach/nationality-unknown");
        }
        Assert.Contains($"{template}", await Officer.GetStringAsync("/outreach/templates?limit=1000"));
        Assert.Equal(HttpStatusCode.NotFound, (await Officer.GetAsync($"/outreach/waves/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Officer.GetAsync($"/people/{Guid.NewGuid()}/contacts")).StatusCode);
    }

    [Fact]
    public async Task Only_the_provider_is_heard_and_only_about_what_was_sent()
    {
        async Task AnswersAsync(HttpStatusCode status, string code, Task<HttpResponseMessage> asked) =>
            Assert.Equal((status, code), await asked is var answer ? (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()) : default);
        var receipt = new { attempt = Guid.NewGuid(), status = "delivered" };
        await AnswersAsync(HttpStatusCode.Forbidden, "outreach/signature", ProviderSaysAsync("/outreach/providers/sms/receipts", receipt, "v1,AAAA"));
        await AnswersAsync(HttpStatusCode.Forbidden, "outreach/signature", ProviderSaysAsync("/outreach/providers/sms/receipts", receipt, at: DateTimeOffset.UtcNow.AddMinutes(-10)));
        await AnswersAsync(HttpStatusCode.NotFound, "outreach/provider-unknown", ProviderSaysAsync("/outreach/providers/email/receipts", receipt));
        await AnswersAsync(HttpStatusCode.NotFound, "outreach/attempt-unknown", ProviderSaysAsync("/outreach/providers/sms/receipts", receipt));
        await AnswersAsync(HttpStatusCode.UnprocessableEntity, "outreach/status", ProviderSaysAsync("/outreach/providers/sms/receipts", new { attempt = Guid.NewGuid(), status = "eaten" }));
        await AnswersAsync(HttpStatusCode.UnprocessableEntity, "outreach/unreadable", ProviderSaysAsync("/outreach/providers/sms/receipts", new { attempt = "x" }));
        await AnswersAsync(HttpStatusCode.NotFound, "outreach/attempt-unknown", ProviderSaysAsync("/outreach/providers/sms/replies", new { id = "r", from = "+1 555 000 0000", text = "1" }));
        await AnswersAsync(HttpStatusCode.NotFound, "outreach/attempt-unknown", ProviderSaysAsync("/outreach/providers/sms/replies", new { id = "r", text = "1" }));
        await AnswersAsync(HttpStatusCode.UnprocessableEntity, "outreach/reply-text", ProviderSaysAsync("/outreach/providers/sms/replies", new { id = "r", text = " " }));
    }

    [Fact]
    public async Task An_answer_from_a_number_that_several_share_is_read_by_an_officer()
    {
        var crisis = await house.CrisisAsync();
        var one = await PersonAsync(crisis);
        var two = await PersonAsync(crisis, new { phone = one.Phone });
        await ReachesAsync(await WaveAsync(crisis, new { channels = new[] { "sms" } }), "sent", 2);
        Assert.Equal(HttpStatusCode.NoContent, (await ProviderSaysAsync("/outreach/providers/sms/replies", new { id = "shared", from = one.Phone, text = "1" })).StatusCode);
        var replies = (await ContactsAsync(one.Id)).Replies.AddRange((await ContactsAsync(two.Id)).Replies);
        Assert.Equal(("other", "1"), Assert.Single(replies) is var reply ? (reply.Meaning, reply.Text) : default);
        Assert.False((await Officer.GetFromJsonAsync<JsonElement>($"/people/{one.Id}/whereabouts")).TryGetProperty("state", out _));
    }

    [Fact]
    public async Task An_erased_person_is_gone_from_outreach_too()
    {
        var crisis = await house.CrisisAsync();
        var person = await PersonAsync(crisis);
        var wave = await WaveAsync(crisis, new { channels = new[] { "sms" } });
        await ReachesAsync(wave, "sent", 1);
        var administrator = await house.ClientAsync(Service.ConsularContact, Roles.Administrator);
        await PostAsync($"/people/{person.Id}/erasure", new { ground = "the person's wish" }, administrator);
        Assert.Equal(0, (await ProgressAsync(wave)).GetProperty("people").GetInt32());
        var key = house.Gateway.Delivered.Values.Single(got => got.To == person.Phone).Key;
        Assert.Equal(HttpStatusCode.NotFound, (await ProviderSaysAsync("/outreach/providers/sms/replies", new { id = "late", attempt = key, text = "1" })).StatusCode);
    }
}

/// <summary>Apart from the others, whose clock it would put forward.</summary>
public sealed class UnansweredTests(OutreachHouse house) : IClassFixture<OutreachHouse>
{
    [Fact]
    public async Task Whoever_does_not_answer_is_tried_every_way_then_visited_and_the_wave_ends()
    {
        var store = house.Part<TimelineStore>(Service.ConsularContact);
        var crisis = await house.CrisisAsync();
        var answer = await house.Officer.PostAsJsonAsync("/people", new { crisisId = crisis, reference = "U1", channel = "phone", registeredAt = DateTimeOffset.UtcNow.AddDays(-2), registration = new { familyName = "Quiet", givenNames = "Saba", birthDate = "1971-01-02", phone = "+258845559999", email = "quiet@example.org" } });
        var person = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
        var template = (await (await house.Officer.PostAsJsonAsync("/outreach/templates", new { name = "x", texts = new[] { new { language = "en", text = "Are you safe?" } } })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("templateId").GetGuid();
        var wave = (await (await house.Officer.PostAsJsonAsync("/outreach/waves", new { crisisId = crisis, templateId = template, urgent = true })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("waveId").GetGuid();

        foreach (var way in new[] { "sms", "email", "voice" })
        {
            await Eventually.TrueAsync(async () => (await LoadAsync()).Find(wave)?.Attempts.Exists(a => a.Channel == way && a.State == AttemptState.Sent) == true, $"{way} went out");
            house.Later(TimeSpan.FromHours(5));
        }
        await Eventually.TrueAsync(async () => (await LoadAsync()).Find(wave)!.Tried("call"), "they stand on the call list");
        house.Later(TimeSpan.FromHours(5));
        await Eventually.TrueAsync(async () => (await LoadAsync()).OpenVisit is not null, "a visit is asked for");
        await Eventually.TrueAsync(async () => (await store.LoadAsync<Wave>(wave)).State.State == Wave.Ended, "the wave has ended");
        Assert.Equal(["sms", "email", "voice", "call"], (await LoadAsync()).Attempts.Select(a => a.Channel));
        house.Later(TimeSpan.FromHours(25));
        await Eventually.TrueAsync(async () => (await LoadAsync()).OpenVisit!.Overdue, "the visit is overdue");

        async Task<Contacts> LoadAsync() => (await store.LoadAsync<Contacts>(person)).State;
    }
}

/// <summary>With a clock of its own too.</summary>
public sealed class ReminderTests(OutreachHouse house) : IClassFixture<OutreachHouse>
{
    private const string Silent = "+258845558888", Later = "+258845551111", Officers = "+258845557777";

    [Fact]
    public async Task Whoever_registered_themselves_and_falls_silent_is_reminded_once_a_day_until_they_are_safe()
    {
        var crisis = await house.CrisisAsync();
        using var anyone = house.Anyone(Service.ConsularContact);
        var token = await RegisterAsync(anyone, crisis, "Stale", "1971-01-02", Silent);
        var registered = await house.Officer.PostAsJsonAsync("/people", new { crisisId = crisis, reference = "O1", channel = "phone", registeredAt = DateTimeOffset.UtcNow, registration = new { familyName = "Officers", givenNames = "Own", birthDate = "1961-01-02", phone = Officers } });
        Assert.True(registered.IsSuccessStatusCode);
        house.Later(TimeSpan.FromHours(2));
        await RegisterAsync(anyone, crisis, "Tsegaye", "1985-11-12", Later);

        house.Later(TimeSpan.FromHours(23));
        await RemindedAsync(Silent, 1);
        Assert.StartsWith("Floods at Beira: confirme o seu registo S-", house.Gateway.Delivered.Values.Single().Text);

        // Each time the other's reminder shows that everybody was looked at.
        house.Later(TimeSpan.FromHours(2));
        await RemindedAsync(Later, 1);
        Assert.Equal(1, Reminders(Silent));
        house.Later(TimeSpan.FromHours(23));
        await RemindedAsync(Silent, 2);
        Assert.Equal(1, Reminders(Later));

        using var safe = new HttpRequestMessage(HttpMethod.Post, "/self-registrations/mine/check-in") { Content = JsonContent.Create(new { state = "safe" }), Headers = { { "Tracking-Token", token } } };
        Assert.Equal(HttpStatusCode.NoContent, (await anyone.SendAsync(safe)).StatusCode);
        house.Later(TimeSpan.FromHours(2));
        await RemindedAsync(Later, 2);
        Assert.Equal((2, 0), (Reminders(Silent), Reminders(Officers)));
    }

    private static async Task<string> RegisterAsync(HttpClient anyone, Guid crisis, string name, string born, string phone)
    {
        var answer = await anyone.PostAsJsonAsync("/self-registrations", new { crisisId = crisis, registration = new { familyName = name, givenNames = name[..3], birthDate = born, phone, language = "pt" } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("trackingToken").GetString()!;
    }

    private int Reminders(string phone) => house.Gateway.Delivered.Values.Count(got => got.To == phone);

    private Task RemindedAsync(string phone, int times) => Eventually.TrueAsync(() => Reminders(phone) == times, $"{phone} is reminded for the {times}. time");
}
