using Spork.Tests.Support;

namespace Spork.Tests.Linux;

public class ErrnoTests
{
    [Fact]
    public void Every_number_has_the_name_and_the_text_that_glibc_gives_it()
    {
        var lines = CProbe.RunText(
            ["errno.h", "string.h"],
            """
                for (int i = 1; i <= 200; i++) {
                    const char *name = strerrorname_np(i);
                    if (name) printf("%d\t%s (%s)\n", i, name, strerror(i));
                    else printf("%d\terrno %d (%s)\n", i, i, strerror(i));
                }

            """,
            "errno names and texts against glibc"
        );
        Assert.Equal(lines, Enumerable.Range(1, 200).Select(n => $"{n}\t{new Errno(n)}"));
    }

    [Fact]
    public void Every_named_constant_has_the_number_of_errno_h() =>
        NamedConstants.AssertAsIn<Errno>("errno.h", e => e.Value, fewest: 134);

    [Fact]
    public void Every_number_with_a_name_has_a_constant_of_that_name()
    {
        var constants = NamedConstants.Of<Errno>();
        foreach (var errno in Enumerable.Range(1, 4095).Select(n => new Errno(n)).Where(e => e.Name[0] == 'E'))
        {
            Assert.Equal(errno, constants[errno.Name]);
        }
    }

    [Theory]
    [InlineData(2, "ENOENT (No such file or directory)")]
    [InlineData(0, "errno 0 (Success)")]
    [InlineData(41, "errno 41 (Unknown error 41)")]
    [InlineData(4095, "errno 4095 (Unknown error 4095)")]
    [InlineData(-1, "errno -1 (Unknown error -1)")]
    public void A_number_without_a_name_is_printed_like_any_other(int value, string text) =>
        Assert.Equal(text, new Errno(value).ToString());

    [Fact]
    public void Equality_is_by_number()
    {
        Assert.True(Errno.EAGAIN == Errno.EWOULDBLOCK);
        Assert.True(Errno.EAGAIN != Errno.EINTR);
        Assert.Equal(new Errno(11).GetHashCode(), Errno.EAGAIN.GetHashCode());
        Assert.True(new Errno(11).Equals((object)Errno.EAGAIN));
        Assert.False(new Errno(11).Equals((object)11));
        Assert.Equal(default, new Errno(0));
    }
}
