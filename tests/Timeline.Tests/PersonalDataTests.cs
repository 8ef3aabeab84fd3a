using System.Security.Cryptography;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

public sealed class PersonalDataTests(Timelines timelines) : IClassFixture<Timelines>
{
    private static readonly PersonErased Erasure = new("officer", "own-request", Some.Morning);

    [Fact]
    public async Task Nothing_personal_stands_readable_among_the_events()
    {
        var person = Guid.CreateVersion7();
        await timelines.Store().AppendAsync(person, Some.Registered() with { Form = Some.Form("Zebulon Quill") with { Phone = "+249 77 000 4242", BirthDate = new BirthDate(1941, 11, 23) } }, new FearOfReturnStated(["Uninhabited"], "officer", Some.Morning));
        Assert.Empty(await SearchEverywhereAsync("Zebulon Quill", "77 000 4242", "1941-11-23", "Uninhabited"));
    }

    [Fact]
    public async Task After_the_key_is_deleted_nothing_personal_is_found_anywhere_and_every_read_model_rebuilds()
    {
        const string schema = "consular_contact";
        var inline = new Projection<Diary>($"{schema}.erasure_inline", 1, [("name", "text"), ("born", "text")],
            diary => diary is { Erased: false, Form: { } form } ? [[form.FamilyName, form.BirthDate?.ToString()]] : [], [typeof(PersonRegistered), typeof(PersonErased)]);
        var followed = new Projection<Diary>($"{schema}.erasure_followed", 1, [("phone", "text")],
            diary => diary is { Erased: false, Form: { } form } ? [[form.Phone]] : [], [typeof(PersonRegistered), typeof(PersonErased)]);
        var store = timelines.Store(inline: inline);
        var projections = new Projections(store, new Feed(store), schema, [followed]);
        await projections.PrepareAsync(default);
        using var stop = new CancellationTokenSource();
        var following = projections.FollowAsync(stop.Token);

        var (erased, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.AppendAsync(erased, Some.Registered("Wilhelmina Erasable") with { Form = Some.Form("Wilhelmina Erasable") with { Phone = "+1 555 0199 777", BirthDate = new BirthDate(1931, 7, 19) } });
        await store.AppendAsync(other, Some.Registered("Theo Remains"));
        await Eventually.TrueAsync(async () => await timelines.ValueAsync<long>($"select count(*) from {followed.Table} where stream_id in ('{erased}', '{other}')") == 2, "the read model followed");
        Assert.NotEmpty(await SearchEverywhereAsync("Wilhelmina Erasable"));
        Assert.NotEmpty(await SearchEverywhereAsync("1931-07-19"));
        Assert.NotEmpty(await SearchEverywhereAsync("0199 777"));

        var outcome = await store.EraseAsync(erased, _ => Erasure);
        Assert.Equal(2, outcome.Version);
        await Eventually.TrueAsync(async () => await timelines.ValueAsync<long>($"select count(*) from {followed.Table} where stream_id in ('{erased}', '{other}')") == 1, "the read model followed the erasure");
        Assert.Empty(await SearchEverywhereAsync("Wilhelmina Erasable", "0199 777", "1931-07-19"));

        // The chain stays whole: both events are there, without the person in them.
        var read = await store.ReadAsync(erased);
        Assert.Equal(2, read.Version);
        Assert.True(read.Erased);
        Assert.Null(((PersonRegistered)read.Events[0].Event).Form);
        Assert.Equal(2, (await new Feed(store).AllAsync()).Count(e => e.StreamId == erased));

        await projections.RebuildAsync(inline);
        await projections.RebuildAsync(followed);
        Assert.Empty(await SearchEverywhereAsync("Wilhelmina Erasable", "0199 777", "1931-07-19"));
        Assert.Equal("Theo Remains", await timelines.ValueAsync<string>($"select name from {inline.Table} where stream_id = '{other}'"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Nothing_personal_is_added_to_a_person_who_was_erased_and_other_facts_still_are()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        await store.EraseAsync(person, _ => Erasure);

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.AppendAsync(person, Some.Registered("Back Again")));
        await store.AppendAsync(person, Some.Joined());
        Assert.Equal(3, (await store.ReadAsync(person)).Version);
        Assert.Empty(await SearchEverywhereAsync("Back Again"));
    }

    [Fact]
    public async Task Who_decides_while_the_person_is_erased_adds_nothing_personal_either()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.AttemptAsync(async work =>
        {
            var read = await work.ReadAsync(person);
            if (!read.Erased) await timelines.Store().EraseAsync(person, _ => Erasure);
            return work.Append(person, Some.Registered("Just Too Late"));
        }));
        Assert.Equal(2, (await store.ReadAsync(person)).Version);
    }

    [Fact]
    public async Task An_erasure_that_was_refused_deletes_no_key()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered("Still Here"));
        await store.EraseAsync(person, _ => Refusal.Forbidden("test/no", "No."));
        Assert.Equal("Still Here", ((PersonRegistered)(await store.ReadAsync(person)).Events[0].Event).Form!.FamilyName);
    }

    [Fact]
    public async Task Another_master_key_opens_nothing()
    {
        var person = Guid.CreateVersion7();
        await timelines.Store().AppendAsync(person, Some.Registered());
        using var wrong = new TimelineStore(timelines.Database(Service.Access), new TimelineOptions { MasterKey = RandomNumberGenerator.GetBytes(32) }, TimeProvider.System);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => wrong.ReadAsync(person));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => wrong.CheckMasterKeyAsync());
        await timelines.Store().CheckMasterKeyAsync();
    }

    [Fact]
    public async Task Each_person_has_a_key_of_their_own_and_things_have_none()
    {
        var (store, one, two, thing) = (timelines.Store(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.AppendAsync(one, Some.Registered());
        await store.AppendAsync(one, Some.Registered());
        await store.AppendAsync(two, Some.Registered());
        await store.AppendAsync(thing, new CrisisOpened("id", "sender", "Actual", "Flood", [], Some.Morning));
        Assert.Equal(2L, await timelines.ValueAsync<long>($"select count(distinct wrapped) from timeline.person_key where person_id in ('{one}', '{two}')"));
        Assert.Equal(0L, await timelines.ValueAsync<long>($"select count(*) from timeline.person_key where person_id = '{thing}'"));
    }

    /// <summary>Tables in which any of the texts stands, as text or inside of bytes, encoded or not.</summary>
    private async Task<List<string>> SearchEverywhereAsync(params string[] texts)
    {
        var tables = new List<string>();
        await using (var command = timelines.Owner.CreateCommand("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        Assert.Contains("timeline.mt_events", tables);
        Assert.All(texts, text => Assert.True(text.Length > 6, "shorter texts stand in any random bytes"));
        var found = new List<string>();
        foreach (var table in tables)
            foreach (var text in texts)
            {
                var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
                await using var command = timelines.Owner.CreateCommand($"select count(*) from {table} t where t::text ilike $1 or t::text ilike $2 or t::text like $3");
                command.Parameters.Add(new() { Value = $"%{text}%" });
                command.Parameters.Add(new() { Value = $"%{Convert.ToHexString(utf8)}%" });
                command.Parameters.Add(new() { Value = $"%{Convert.ToBase64String(utf8)[..^4]}%" });
                if ((long)(await command.ExecuteScalarAsync())! > 0) found.Add($"{table}: {text}");
            }
        return found;
    }
}

/// <summary>Apart from the others, as what was tampered with stays so.</summary>
public sealed class TamperedDataTests(Timelines timelines) : IClassFixture<Timelines>
{
    [Fact]
    public async Task A_sealed_form_put_on_another_persons_timeline_does_not_open()
    {
        var (store, victim, attacker) = (timelines.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.AppendAsync(victim, Some.Registered());
        await store.AppendAsync(attacker, Some.Registered());
        await timelines.RunAsync($"update timeline.mt_events a set data = v.data from timeline.mt_events v where v.stream_id = '{victim}' and a.stream_id = '{attacker}'");
        await Assert.ThrowsAnyAsync<CryptographicException>(() => store.ReadAsync(attacker));

        // Nor when the key is put there too: it was wrapped for the other person.
        await timelines.RunAsync($"update timeline.person_key a set wrapped = v.wrapped from timeline.person_key v where v.person_id = '{victim}' and a.person_id = '{attacker}'");
        await Assert.ThrowsAnyAsync<CryptographicException>(() => store.ReadAsync(attacker));
    }

    [Fact]
    public async Task A_timeline_that_does_not_open_is_told_and_keeps_no_read_model_from_going_on()
    {
        var (store, broken, sound) = (timelines.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.AppendAsync(broken, Some.Registered());
        await store.AppendAsync(sound, Some.Registered("Theo Remains"));
        await timelines.RunAsync($"update timeline.person_key a set wrapped = v.wrapped from timeline.person_key v where v.person_id = '{sound}' and a.person_id = '{broken}'");
        var model = new Projection<Diary>("consular_contact.tampered", 1, [("name", "text")], diary => diary.Form is { } form ? [[form.FamilyName]] : [], [typeof(PersonRegistered)]);
        var told = new List<Guid>();
        await new Projections(timelines.Store(inline: model), new Feed(store), "consular_contact", []) { Unreadable = (stream, _) => told.Add(stream) }.PrepareAsync(default);
        Assert.Contains(broken, told);
        Assert.DoesNotContain(sound, told);
        Assert.Equal("Theo Remains", await timelines.ValueAsync<string>($"select name from {model.Table} where stream_id = '{sound}'"));
    }
}
