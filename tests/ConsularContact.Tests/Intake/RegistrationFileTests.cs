using System.Text;
using CrisisCoordination.ConsularContact.Intake;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Intake;

public sealed class RegistrationFileTests
{
    private const string Header = "registered_at,channel,reference,family_name,given_names,sex,date_of_birth,nationality,specific_needs,mobility,needs_now,fear_of_return_to,share_with,notes";

    private static string Row(string name, string notes = "") => $"2023-04-15T08:00:57Z,self,R-{name},{name},,F,1985,NPL,,none,,,,{notes}";

    private static Task<List<RowResult>> Read(string text, Encoding? encoding = null) => Read((encoding ?? new UTF8Encoding(false)) is var e ? [.. e.GetPreamble(), .. e.GetBytes(text)] : []);

    private static async Task<List<RowResult>> Read(byte[] bytes) => await RegistrationFile.ReadAsync(new MemoryStream(bytes)).ToListAsync();

    [Fact]
    public async Task Every_encoding_that_desks_save_is_read()
    {
        var text = $"{Header}\n{Row("Żółć")}\n";

        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), new UTF8Encoding(false), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true) })
            Assert.Equal("Żółć", Assert.Single(await Read(text, encoding)).Form!.Registration.FamilyName);
        Assert.Equal("Zoë “Peña”", Assert.Single(await Read([.. Encoding.Latin1.GetBytes($"{Header}\n{Row("Zoë \u0093Peña\u0094")}")])).Form!.Registration.FamilyName);
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    public async Task The_separator_is_taken_from_the_header(char separator) =>
        Assert.Equal("Deng", Assert.Single(await Read($"{Header}\r\n{Row("Deng")}\r\n".Replace(',', separator))).Form!.Registration.FamilyName);

    [Fact]
    public async Task Header_names_are_read_in_any_case() => Assert.NotNull(Assert.Single(await Read($"{Header.ToUpperInvariant()}\n{Row("Deng")}")).Form);

    [Fact]
    public async Task A_quoted_line_break_belongs_to_its_field()
    {
        var rows = await Read($"{Header}\n{Row("Deng", "\"line one\nline two, with \"\"quotes\"\"\"")}\n\n{Row("Bior")}\n");

        Assert.Equal("line one\nline two, with \"quotes\"", rows[0].Form!.Registration.Notes);
        Assert.Equal([2, 4], rows.Select(r => r.RowNumber));
    }

    [Fact]
    public async Task A_row_with_too_many_or_too_few_fields_is_refused_and_the_next_one_is_read()
    {
        var rows = await Read($"{Header}\n{Row("Deng", "one, two")}\nonly,three,fields\n{Row("Bior")}");

        Assert.Equal(["import/wrong-number-of-fields", "import/wrong-number-of-fields"], rows.Take(2).Select(r => Assert.Single(r.Faults).Code));
        Assert.Contains("one, two", rows[0].Raw, StringComparison.Ordinal);
        Assert.NotNull(rows[2].Form);
    }

    [Theory]
    [InlineData("", "import/empty")]
    [InlineData("name,age\nDeng,4", "import/column-missing")]
    [InlineData(Header + ",notes\n", "import/column-twice")]
    public async Task A_file_that_cannot_be_read_is_one_fault(string text, string code)
    {
        var fault = Assert.Single(await Read(text));

        Assert.Equal((1, code), (fault.RowNumber, Assert.Single(fault.Faults).Code));
    }

    [Fact]
    public async Task A_quote_that_never_ends_is_told_and_loses_no_row_in_silence()
    {
        var rows = await Read($"{Header}\n{Row("Deng")}\n{Row("Bior", "\"never ends")}\n{Row("Ajak")}");

        Assert.NotNull(rows[0].Form);
        Assert.Contains("Ajak", string.Concat(rows.Skip(1).Select(r => r.Raw + r.Form?.Registration.Notes)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_come_out_while_the_file_is_still_coming_in()
    {
        await using var endless = new Endless($"{Header}\n", $"{Row("Deng")}\n");

        Assert.Equal(50_000, await RegistrationFile.ReadAsync(endless).Take(50_000).CountAsync(r => r.Form is not null));
    }

    private sealed class Endless(string head, string row) : Stream
    {
        private readonly byte[] _row = Encoding.UTF8.GetBytes(row);
        private byte[] _rest = Encoding.UTF8.GetBytes(head);

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var size = Math.Min(count, _rest.Length);
            _rest.AsSpan(0, size).CopyTo(buffer.AsSpan(offset));
            _rest = size == _rest.Length ? _row : _rest[size..];
            return size;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
