using System.Runtime.Versioning;

// The file modes, signals and /proc files in here exist nowhere else.
[assembly: SupportedOSPlatform("linux")]
