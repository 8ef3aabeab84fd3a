namespace CrisisCoordination.TimelineAudit;

// The rules, written a second time. Where the data leave doubt (an age, a place), a breach is what no reading of them excuses.
internal sealed partial class Ledger
{
    /// <summary>Whether the event was allowed, by what was known before it.</summary>
    private void Ask(Entry e)
    {
        if (Names.New.Contains(e.Type) && lives.TryGetValue(e.Stream, out var record) && record.IsPerson && e.MergedFrom is null)
        {
            if (record.IsErased) Found("E.new", $"{e.Type} after erasure", e);
            // What was corrected meanwhile comes with the end of the merge, in the same append.
            else if (record.MergedInto is not null && !unmerged.Contains((e.Stream, e.Append))) Found("M.new", $"{e.Type} on a record that another stands for", e);
        }
        switch (e.Type)
        {
            case Names.SeatHeld: AskSeat(e); break;
            case Names.Boarded: AskBoarding(e); break;
            case Names.Departed: AskDeparture(e, e.Stream); break;
            case Names.Consent:
                var found = breaches.Count;
                AskConsent(e);
                if (breaches.Count > found) unsound.Add(e.Order);
                break;
            case Names.Shares or Names.Registered or Names.Repeated: AskForm(e); break;
            case Names.Corrected: AskAge(e); break;
            case Names.AgeSettled: AskSecondOfficer(e); break;
            case Names.Guardian or Names.TieConfirmed: AskTie(e); break;
            case Names.BestInterests when e.IdOrNone("escortId") is { } escort: AskEscort(escort, e); break;
            case Names.Approved: AskApproval(e); break;
            case Names.Issued: AskPaper(e); break;
            case Names.HandedOver: AskHandover(e); break;
            case Names.Onward:
                if (PersonOf(e.Stream).Fears(LeadsTo(e)) is { } feared) Found($"N.{feared}",
                    $"planned onward to {string.Join(", ", LeadsTo(e))}", e);
                break;
            case Names.OnwardDone: AskOnward(e); break;
            case Names.Referred: AskReferral(e); break;
            case Names.Merged: AskMerge(e); break;
            case Names.Allocated: AskAid(e); break;
            case Names.SpaceTaken:
                if (voyages.GetValueOrDefault(e.Stream) is { HasDeparted: true } or { IsCancelled: true }) Found("capacity.gone",
                    "a space on a transport that left or does not run", e);
                break;
        }
    }

    /// <summary>What must hold with the event.</summary>
    private void AskAfter(Entry e)
    {
        if (e.Type == Names.SpaceTaken && voyages.GetValueOrDefault(e.Stream) is { IsOverfull: true } voyage) Found("capacity.spaces",
            $"{voyage.Code} carries more than it has places for", e);
    }

    // What no event shows is asked where everything has come to rest.
    private void AskAtTheEnd()
    {
        if (last is null) return;
        foreach (var transport in lives.Values.SelectMany(life => life.Boarded).Select(aboard => aboard.Transport).Distinct().Where(id =>
            !voyages.ContainsKey(id)).ToList())
            AskDeparture(last, transport);
        foreach (var life in Lives.Where(life => life.MergedInto is null && !life.IsErased))
        {
            var person = PersonOf(life.Id);
            var end = last with { Stream = life.Id, Version = 0 };
            foreach (var seat in person.Records.SelectMany(record => record.Seats).Where(seat =>
                seat.Released is null && !Moves(person, seat)))
            {
                Barred(person, CountriesOf(seat), end, seat.Transport, $"kept a seat on {seat.Code}");
                SetsOut(person, seat.Transport, end, $"kept a seat on {seat.Code}");
            }
            foreach (var paper in person.ValidPapers(last.RecordedOn).Where(paper =>
                person.Records.All(record => record.Boarded.All(aboard => aboard.Version < paper.Version))))
                Barred(person, ([paper.Destination], []), end, paper.Application, "was left with a document");
            if (person.ValidPapers(last.RecordedOn).Count() > 1) Found("D.merged", "holds two valid documents", end);
            foreach (var agency in InForms(life).Where(said => said.Order < life.MergedAt).SelectMany(said => said.Agencies).Distinct())
                Found("Q.form", $"{agency} knows of what others told by what only a form says", end);
        }

        bool Moves(Person person, Held seat) =>
            person.IsAboard(seat.Transport) || voyages.GetValueOrDefault(seat.Transport) is { HasDeparted: true };
    }

    /// <summary>Q and N for what an agency reads now: each person there lets it know, and fears no state that it belongs to.</summary>
    /// <param name="agency">Its code.</param>
    /// <param name="told">Whom its feed tells of; not those whom it is told to forget.</param>
    public IEnumerable<Breach> AskFeed(string agency, IEnumerable<Guid> told)
    {
        foreach (var person in told.Distinct().Select(PersonOf))
        {
            if (person.IsErased || !person.SharesWith(agency)) yield return new("Q.feed",
                $"{agency} reads of somebody who does not let it know", person.Root.Id, 0);
            if (countryOfAgency.GetValueOrDefault(agency) is { } country
                && person.Fears([country]) is { } feared) yield return new($"N.{feared}",
                $"{agency} of {country} reads of somebody who fears it", person.Root.Id, 0);
        }
    }

    // N: nobody is seated on, boarded to, or sent to a country that they fear.
    private void AskSeat(Entry e)
    {
        var (person, transport, what) = (PersonOf(e.Stream), e.Id("transportId"), $"seated on {e.Text("transportCode")}");
        Barred(person, CountriesOf(transport, e.Text("transportCode"), e.Text("destinationCountry")), e, transport, what);
        SetsOut(person, transport, e, what);
    }

    // N: nobody is sent into the country they fear to set out from there. Who told no place may be anywhere; else the last word of
    // where they are counts, and of several of which nobody knows the last the one that excuses it.
    private void SetsOut(Person person, Guid transport, Entry at, string what)
    {
        if (voyages.GetValueOrDefault(transport) is not { } voyage || sent.Contains((person.Root.Id, transport))) return;
        var from = places.Of(voyage.From);
        if (from.Any(country => IsThere(person, country)) || person.Fears(from) is null) return;
        Found("N.start", $"{what}, which leaves from {string.Join(", ", from)}, where they are not and which they fear", at);
        sent.Add((person.Root.Id, transport));
    }

    private bool IsThere(Person person, string country) =>
        person.LastWords is not { Count: > 0 } last || last.SelectMany(CountriesOf).Any(there => Jurisdictions.Touch(there, country));

    private IEnumerable<string> CountriesOf(Word word) => word.Position is { } place ? places.Around(place) is { } near ? [near] : []
        : voyages.GetValueOrDefault(word.Of) is not { } voyage ? []
        : word.IsEnd ? places.Of(voyage.To) : word.Until == DateTimeOffset.MaxValue ? places.Of(voyage.From).Concat(places.Of(voyage.To)) : places.Of(voyage.From);

    private void AskBoarding(Entry e)
    {
        var (person, transport) = (PersonOf(e.Stream), e.Id("transportId"));
        var seat = person.Records.SelectMany(record => record.Seats).LastOrDefault(seat => seat.Transport == transport);
        Barred(person, CountriesOf(transport, seat?.Code, seat?.Country), e, transport, $"boarded {seat?.Code}");
        AskWill(person, e, $"boarded {seat?.Code}");
    }

    /// <param name="countries">Those that the transport's own entry says, and those that the places say.</param>
    /// <param name="thing">The transport or application; a person is sent with it once.</param>
    private void Barred(Person person, (IReadOnlyCollection<string> Own, IReadOnlyCollection<string> Place) countries, Entry at,
        Guid thing, string what)
    {
        var before = breaches.Count;
        if (sent.Contains((person.Root.Id, thing))) return;
        if (person.Fears(countries.Own) is { } feared) Found($"N.{feared}", $"{what} to {string.Join(", ", countries.Own)}", at);
        else if (person.Fears(countries.Place) is { } there) Found(there == "plain" ? "N.place" : $"N.{there}",
            $"{what}, which goes to {string.Join(", ", countries.Place)} whatever it says", at);
        else if (person.Forms.SelectMany(form =>
            files.Fears.GetValueOrDefault(form.Reference) ?? []).Intersect(countries.Own)
            .Except(person.Records.SelectMany(record => record.Fears).Where(fear => fear.Withdrawn).SelectMany(fear => fear.Countries))
            .FirstOrDefault() is { } lost)
            Found("N.lost", $"{what} to {lost}, which the file says they fear", at);
        if (breaches.Count > before) sent.Add((person.Root.Id, thing));
    }

    private (IReadOnlyCollection<string> Own, IReadOnlyCollection<string> Place) CountriesOf(Held seat) =>
        CountriesOf(seat.Transport, seat.Code, seat.Country);

    private (IReadOnlyCollection<string> Own, IReadOnlyCollection<string> Place) CountriesOf(Guid transport, string? code, string? onSeat)
    {
        if (code is not null && files.CountryOfTransport.TryGetValue(code, out var country)) return ([country], []);
        if (!voyages.TryGetValue(transport, out var voyage)) return (onSeat is null ? [] : [onSeat], []);
        var (from, to) = (places.Of(voyage.From), voyage.Alternates.Prepend(voyage.To).SelectMany(places.Of).ToList());
        // What a transport says of itself counts where nothing is known of the place, or agrees with it.
        var own = voyage.Country is { } said && (to.Count == 0 || to.Exists(country => Jurisdictions.Touch(country, said))) ? said : null;
        // Moving about in the country where they are brings them into no other.
        return (own is null ? [] : [own], [.. to.Where(country => !from.Any(here => Jurisdictions.Touch(here, country)))]);
    }

    // V: nobody boards without consent on record, or after it was withdrawn.
    private void AskWill(Person person, Entry e, string what)
    {
        var (asRecorded, asItWas) = (person.Consent(asRecorded: true), person.Consent(asRecorded: false));
        var own = person.Root.Consents.LastOrDefault();
        if (asRecorded is null) Found("V.none", $"{what} without consent", e);
        else if (own is { Given: false }) Found("V.none", $"{what} after consent was withdrawn", e);
        else if (!asRecorded.Given) Found("V.merged", $"{what} after consent was withdrawn under another record of theirs", e);
        else if (asItWas is { Given: false }) Found("V.order", $"{what} after consent was withdrawn, as it happened", e);
        else AskWhoseWill(person, e, what);
    }

    // V and C: an adult goes on their own word, a child on that of somebody who answered for them from when they gave it until now.
    private void AskWhoseWill(Person person, Entry e, string what)
    {
        if (person.OwnRecordsConsent is not { Given: true } consent || unsound.Contains(consent.Order)) return;
        var own = RootOf(consent.By) == person.Root.Id;
        if (own && person.IsChild(consent.RecordedOn)) Found("V.child", $"{what} on what a child agreed to alone", e);
        else if (!own && !person.MayBeChild(e.RecordedOn)) Found("V.for-an-adult", $"{what} as an adult on the consent of {consent.By}", e);
        else if (!own && !Answers(person, consent)) Found("V.lapsed",
            $"{what} on the consent of {consent.By}, who does not answer for them any more", e);
    }

    // By any record of the child: the escort named last, or confirmed and not refused or ended since the consent.
    private bool Answers(Person child, Consent consent)
    {
        var by = RootOf(consent.By);
        return child.Records.Any(record =>
        {
            var ties = record.Ties.FindAll(tie => RootOf(tie.Guardian) == by);
            return record.BestInterests.LastOrDefault() is { Escort: { } escort } && RootOf(escort) == by
                    && IsSaidAsEscort(record, escort, consent, ties)
                || ties is [.., { Standing: Standing.Confirmed }]
                && !ties.Exists(tie => tie.Standing == Standing.None && tie.Order > consent.Order && tie.At > consent.At);
        });
    }

    // What an adult agreed to before they were made the escort, or before they were denied, they did not agree to as the escort.
    private static bool IsSaidAsEscort(Life child, Guid escort, Consent consent, List<Tie> ties)
    {
        var named = child.BestInterests.AsEnumerable().Reverse().TakeWhile(decision => decision.Escort == escort).Last();
        return !(consent.Order < named.Order && consent.At < named.At)
            && !ties.Exists(tie => tie.Standing == Standing.None && tie.Order > consent.Order && tie.At > consent.At);
    }

    // V: the person consents, or for a child who answers for them; age is asked on the day it is recorded.
    private void AskConsent(Entry e)
    {
        var (person, by) = (PersonOf(e.Stream), e.Id("by"));
        var child = person.IsChild(e.RecordedOn);
        if (RootOf(by) == person.Root.Id)
        {
            if (child) Found("V.child", "a child consented alone", e);
        }
        else if (!person.MayBeChild(e.RecordedOn)) Found("V.for-an-adult", $"{by} consented for an adult", e);
        else if (!person.Guardians(Standing.Confirmed, RootOf, LastMerge).Contains(RootOf(by))
            && !(person.BestInterests is { MayDepart: true, Escort: { } escort } && escort == RootOf(by)))
            Found("V.guardian", $"{by} consented for a child and is not confirmed to answer for them", e);
        else if (!IsSurelyAdult(by, e)) Found("V.by-child", $"{by} consented for a child, and nobody knows that they are an adult", e);
    }

    // C: no child departs without somebody confirmed to answer for them aboard, or a decision and the escort aboard.
    private void AskDeparture(Entry e, Guid transport)
    {
        var voyage = voyages.GetValueOrDefault(transport);
        foreach (var person in lives.Values.Where(life => life.IsAboard(transport)).Select(life => PersonOf(life.Id)).DistinctBy(person =>
            person.Root.Id).ToList())
        {
            var aboard = person.Records.SelectMany(record => record.Boarded).Last(aboard =>
                aboard.Transport == transport && aboard.Off is null);
            var at = e with { Stream = person.Root.Id, Version = aboard.Version };
            if (voyage is not null && KnownFor(person, e) is { } known
                && person.Fears(CountriesOf(transport, voyage.Code, null).Own, known) is { } feared
                && sent.Add((person.Root.Id, transport)))
                Found($"N.{feared}", $"departed on {voyage.Code} to {voyage.Country}", at);
            if (files.TimesAreTrue) AskLate(person, transport, aboard, at);
            if (person.IsChild(aboard.RecordedOn)) AskChild(person, transport, voyage?.Code ?? person.Records.SelectMany(record =>
                record.Seats).LastOrDefault(seat => seat.Transport == transport)?.Code, at);
        }
    }

    private void AskChild(Person child, Guid transport, string? code, Entry at)
    {
        var decision = child.BestInterests;
        var escorted = decision is { MayDepart: true, Escort: { } escort } && IsWhomItNames(decision)
            && PersonOf(escort).IsAboard(transport);
        if (escorted || (!child.IsAloneStill && child.Guardians(Standing.Confirmed, RootOf, LastMerge).Any(guardian =>
            PersonOf(guardian).IsAboard(transport)))) return;
        var withFamily = !child.IsAloneStill && child.Households.Count > 0 && lives.Values.Any(other =>
            other.IsAboard(transport) && RootOf(other.Id) != child.Root.Id && PersonOf(other.Id) is var adult
                && !adult.IsChild(at.RecordedOn) && adult.Households.Overlaps(child.Households));
        if (withFamily) Found("C.tie", $"a child departed on {code} with a household in which nobody is confirmed to answer for them", at);
        else if (decision is { MayDepart: true }) Found("C.escort", $"a child departed on {code} without the escort", at);
        else Found("C.alone", $"a child departed on {code} with nobody who answers for them and without a best-interests decision", at);
    }

    // C: a correction that moves the day on which a child comes of age, of the person or by that form alone, takes a second officer,
    // whose word stands in the same append. What a merge that is undone gives back was agreed to before it.
    private void AskAge(Entry e)
    {
        if (e.IdOrNone("registrationId") is not { } registration || IsAgreed(e, registration)) return;
        var goesBack = unmerged.Contains((e.Stream, e.Append));
        if (goesBack && agreedForms.Contains(registration)) return;
        IReadOnlyList<Life> records = goesBack ? [RecordOf(e.Stream)] : PersonOf(e.Stream).Records;
        var forms = records.SelectMany(record => record.Forms).GroupBy(form => form.Key).ToDictionary(form => form.Key, form => form.Last().Value);
        var (calledChild, told) = (records.Any(record => record.JoinedAsChild), Told.Of(e, ""));
        var (before, was) = (Life.OfAgeOn(forms.Values, calledChild), Life.OfAgeOn(forms.Where(form => form.Key == registration).Select(form => form.Value), false));
        forms[registration] = told;
        var (after, now) = (Life.OfAgeOn(forms.Values, calledChild), Life.OfAgeOn([told], false));
        if (Moves(before, after) || Moves(was, now)) Found("C.age", after > before || now > was ? "a correction by one made somebody a child, or for longer"
            : "a correction by one made an adult of a child, today or sooner than before", e);

        bool Moves(DateOnly from, DateOnly to) => from != to && (e.RecordedOn < from || e.RecordedOn < to);
    }

    // Only where times are true: what was so before boarding counts, however late it was told.
    private void AskLate(Person person, Guid transport, Aboard aboard, Entry at)
    {
        if (sent.Contains((person.Root.Id, transport))) return;
        var countries = CountriesOf(transport, person.Records.SelectMany(record => record.Seats).LastOrDefault(seat =>
            seat.Transport == transport)?.Code, null).Own;
        if (person.Records.SelectMany(record => record.Fears).Any(fear =>
            !fear.Withdrawn && fear.Version > aboard.Version && fear.At < aboard.At && fear.Countries.Intersect(countries).Any()))
            Found("N.late", "boarded although they had said that they fear it", at);
    }

    /// <summary>Up to which fact the departure must have known; null where their last fear is too new to tell.</summary>
    private static long? KnownFor(Person person, Entry departure) =>
        person.Records.SelectMany(record => record.Fears).Where(fear =>
            fear.Entry.RecordedAt <= departure.RecordedAt - Moment).Select(fear => (long?)fear.Order + 1).Max();

    // Q and M: a form of a partner speaks for nobody's consent and changes nobody who is known.
    private void AskForm(Entry e)
    {
        if (e.MergedFrom is not null) return;
        if (e.Type == Names.Shares)
        {
            if (e.User is { } user && agencyOfUser.TryGetValue(user, out var agency)) Found("Q.by-partner",
                $"{agency} recorded a consent to share with {string.Join(", ", e.Texts("agencies"))}", e);
        }
        else if (e.Type == Names.Repeated)
        {
            if (AgencyThatSent(e) is { } sender) Found("M.by-partner", $"a form of {sender} was added to a known person", e);
            else if (Names.IsAnyones(e.Text("sender")))
                Found("M.by-anyone", $"a form of {e.Text("sender")} was added to a known person", e);
        }
    }

    // M and Q: what anyone may have typed does not stand for what is known, and lets nobody know who else somebody is.
    private void AskMerge(Entry e)
    {
        var (stays, duplicate) = (PersonOf(e.Stream), RecordOf(e.Id("duplicateId")));
        if (duplicate.IsByPost && !stays.Records.Any(record => record.Id != duplicate.Id
            && (record.IsByPost || record.Boarded.Count > 0 || record.Arrivals.Count > 0)))
            Found("M.unseen-stays", "somebody whom a post took in was merged into a form that anyone can send", e);
        foreach (var agency in e.Texts("agencies").Where(agency => InForms(RecordOf(e.Stream)).Concat(InForms(duplicate)).Any(said =>
            said.Agencies.Contains(agency, StringComparer.OrdinalIgnoreCase))))
            Found("Q.form", $"{agency} was told of a merge by what only a form says", e);
    }

    // The last word on each agency, where nobody heard it.
    private static IEnumerable<Sharing> InForms(Life life) => life.Shares.SelectMany(said => said.Agencies, (said, agency) => (said, agency))
        .GroupBy(one => one.agency, StringComparer.OrdinalIgnoreCase)
        .Where(of => of.All(one => one.said.InForm || !one.said.Given) && of.Last().said.Given)
        .Select(of => of.Last().said with { Agencies = [of.Key] });

    // P: what nobody of the house has heard takes nothing scarce.
    private void AskAid(Entry e)
    {
        var life = RecordOf(e.Stream);
        if (!life.IsByPost && !life.IsMet) Found("P.unseen", "aid was set aside for somebody whom nobody has met or spoken to", e);
        else if (life.Raised is not null) Found("P.unseen", "aid was set aside for what a token asks for, and nobody has spoken to them since", e);
    }

    // D: two officers, one valid document, and the destination that was approved.
    private void AskApproval(Entry e)
    {
        if (RecordOf(e.Stream).VerifiedBy.GetValueOrDefault(e.Id("applicationId")) is not { } verifier) Found("D.unverified",
            "approved without a verified identity", e);
        else if (verifier == e.Text("officer")) Found("D.one-officer", "one officer verified and approved", e);
    }

    private void AskPaper(Entry e)
    {
        var (person, record) = (PersonOf(e.Stream), RecordOf(e.Stream));
        var (destination, transits) = (e.Text("destination"), e.Texts("transits"));
        foreach (var country in transits.Append(destination!).Where(country => country is not null).Distinct())
            Barred(person, ([country], []), e, e.Id("applicationId"), "given a document");
        if (e.MergedFrom is null) AskChildsPaper(person, e);
        if (!record.Approvals.TryGetValue(e.Id("applicationId"), out var approved)) Found("D.unapproved", "issued without approval", e);
        else if (approved.Destination != destination || !approved.Transits.SequenceEqual(transits)) Found("D.destination", $"issued for {destination}, approved for {approved.Destination}", e);
        // Told again by a merge it is the same document.
        var others = person.ValidPapers(e.RecordedOn).Where(paper => paper.Application != e.Id("applicationId")).ToList();
        if (others.Exists(record.Papers.Contains)) Found("D.two", "issued while another document was valid", e);
        else if (others.Count > 0) Found("D.merged", "issued while a document was valid under another record", e);
    }

    // C: a child gets a document on the word of who is confirmed to answer for them, or on a decision in their best interests.
    private void AskChildsPaper(Person child, Entry e)
    {
        if (!child.IsChild(e.RecordedOn) || child.Records.Any(record => record.BestInterests is [.., { MayDepart: true }])) return;
        if (child.OwnRecordsConsent is not { Given: true } consent || !Answers(child, consent)) Found("C.document",
            "a document was issued for a child, and nobody who answers for them agreed", e);
    }

    // N, C, Q at the end of a journey.
    private void AskHandover(Entry e)
    {
        var person = PersonOf(e.Stream);
        var (to, receiver) = (e.Text("to"), e.Text("receiver"));
        if (to is "state" or "child-protection" && receiver is not null && person.Fears([receiver]) is { } feared) Found($"N.{feared}",
            $"handed over to {receiver}", e);
        if (to is "agency" or "child-protection" && receiver is not null && countryOfAgency.GetValueOrDefault(receiver) is { } of
            && person.Fears([of]) is { } there) Found($"N.{there}", $"handed over to {receiver}, an agency of {of}", e);
        if (person.FearsAny && (to == "self" && receiver is not null
            || to is "self" or "agency" && e.Text("receivedBy")?.EndsWith("-officer", StringComparison.Ordinal) == true))
            Found("N.handed-over", $"handed over to {to}, and a state received them that nobody asked about", e);
        if (to == "guardian" && e.IdOrNone("guardianId") is { } guardian
            && !person.Guardians(Standing.Confirmed, RootOf, LastMerge).Contains(RootOf(guardian)))
            Found("C.handed-over", $"a child was handed to {guardian}, who is not confirmed to answer for them", e);
        else if (to == "guardian" && e.IdOrNone("guardianId") is { } taker) AskAdult(taker, e, "took a child over");
        // Events from before it was recorded do not tell who handed the child over.
        if (to == "guardian" && e.IsNot("byProtection") && person.IsAloneStill) Found("C.handed-over",
            "a child who was reported alone was handed to a guardian by somebody else than a protection officer", e);
        if (to is not ("guardian" or "child-protection") && person.IsChild(e.RecordedOn)) Found("C.handed-alone",
            $"a child was handed to {to}", e);
        if (to == "agency" && e.Text("basis") == "consent" && e.Texts("shared").Count > 0
            && !person.SharesWith(receiver ?? "")) Found("Q.handed-over",
            $"{receiver} was told {string.Join(", ", e.Texts("shared"))} without consent", e);
    }

    private static IReadOnlyList<string> LeadsTo(Entry planned) => [planned.Text("destination") ?? "", .. planned.Texts("transits")];

    // N and V: what was planned is asked again when they go.
    private void AskOnward(Entry e)
    {
        if (e.Text("outcome") != "moved-on" || RecordOf(e.Stream).Onward is not { } planned) return;
        var person = PersonOf(e.Stream);
        if (person.Fears(LeadsTo(planned)) is { } feared) Found($"N.{feared}", $"moved on to {string.Join(", ", LeadsTo(planned))}", e);
        AskWill(person, e, "moved on");
        if (person.IsChild(e.RecordedOn)) AskCompanion(person, planned, e);
    }

    private void AskReferral(Entry e)
    {
        if (e.Text("agency") is { } agency && countryOfAgency.GetValueOrDefault(agency) is { } of
            && PersonOf(e.Stream).Fears([of]) is { } feared) Found($"N.{feared}", $"referred to {agency}, an agency of {of}", e);
    }
}
