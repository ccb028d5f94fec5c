using System.CommandLine;
using Spork.Cli.Syntax;

namespace Spork.Cli.Run;

/// <summary>Standard streams and further descriptors. A number may be given once, by whichever option.</summary>
internal static class RunStreams
{
    public static Command Apply(Command command, ParseResult parsed, RunOptions options)
    {
        var given = new Dictionary<int, string>();

        void Claim(int number, string by)
        {
            if (!given.TryAdd(number, by))
            {
                throw new UsageException($"{given[number]} and {by} both set descriptor {number}; keep one of them");
            }
        }

        if (parsed.GetValue(options.Stdin) is { } stdin)
        {
            Claim(0, options.Stdin.Name);
            command = command.WithStandardInput(StreamSpec.ForReading(options.Stdin.Name, stdin));
        }

        if (Output(parsed, options.Stdout, options.StdoutAppend) is { } stdout)
        {
            Claim(1, options.Stdout.Name);
            command = command.WithStandardOutput(stdout);
        }

        if (Output(parsed, options.Stderr, options.StderrAppend) is { } stderr)
        {
            Claim(2, options.Stderr.Name);
            command = command.WithStandardError(stderr);
        }

        foreach (var text in parsed.GetValue(options.Fd) ?? [])
        {
            var descriptor = DescriptorSpec.Parse(text);
            Claim(descriptor.Number, $"{options.Fd.Name} {text}");
            command = command.WithDescriptor(descriptor.Number, descriptor.Source);
        }

        return command;
    }

    private static Stdio? Output(ParseResult parsed, Option<string> write, Option<string> append) =>
        parsed.GetValue(write) is { } target ? StreamSpec.ForWriting(write.Name, target)
        : parsed.GetValue(append) is { } file ? StreamSpec.ForAppending(append.Name, file)
        : null;
}
