using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Packaging;

/// <summary>Somebody who has the packages, and nothing else, can use them.</summary>
[Collection(nameof(Packed))]
public sealed class ConsumerTests(Packed packed) : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    [Deadline(seconds: 420)]
    public void The_tool_is_installed_from_its_package_and_runs_programs()
    {
        var tools = _directory["tools"];
        UseOnlyOurPackages();
        Sdk.Do(
            _directory.Path,
            OwnFolders,
            "tool",
            "install",
            "Spork.Cli",
            "--tool-path",
            tools,
            "--version",
            Packed.Files.Version
        );
        var spork = Path.Combine(tools, "spork");
        Assert.Equal(0, Run(spork, "run", "--", "true").Code);
        Assert.Equal(7, Run(spork, "run", "--", "sh", "-c", "exit 7").Code);
        Assert.StartsWith(Packed.Files.Version, Run(spork, "--version").Output, StringComparison.Ordinal);
    }

    [Fact]
    [Deadline(seconds: 420)]
    public void A_program_of_five_lines_uses_the_library_from_its_package()
    {
        UseOnlyOurPackages();
        _directory.Write(
            "five.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Spork" Version="{Packed.Files.Version}" />
              </ItemGroup>
            </Project>
            """
        );
        _directory.Write(
            "five.cs",
            """
            using Spork;
            using var child = new Command("sh", "-c", "exit 3").Start();
            Console.WriteLine(child.Wait());
            try { new Command("true").WithWorkingDirectory("/no/such").Run(); }
            catch (SpawnException e) { Console.WriteLine($"{e.Step}: {e.Errno.Name}"); }
            """
        );
        Sdk.Do(_directory.Path, OwnFolders, ["build", "--output=out", .. Sdk.BuildOptions]);
        var run = Run(_directory["out/five"]);
        Assert.Equal((0, "exit code 3\nchdir: ENOENT\n", ""), (run.Code, run.Output, run.Errors));
    }

    // An installed program has no muxer before it that says where the runtime is.
    private static ToolRun Run(string program, params string[] arguments) =>
        ToolRun.Of("env", [$"DOTNET_ROOT={Path.GetDirectoryName(Cli.SporkCli.Dotnet)}", program, .. arguments]);

    // What is on the machine under the same name and version must not stand in for what was packed.
    private void OwnFolders(ProcessStartInfo start)
    {
        start.Environment["NUGET_PACKAGES"] = _directory["nuget"];
        start.Environment["DOTNET_CLI_HOME"] = _directory["home"];
    }

    private void UseOnlyOurPackages() =>
        _directory.Write(
            "nuget.config",
            $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{packed.First.Folder}" />
              </packageSources>
            </configuration>
            """
        );
}
