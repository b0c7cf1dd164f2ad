import LinuxSystem
import SystemPackage
import Testing
import TreeFixtures
import TreeModel

@testable import PackageBuilding

@Suite("Extension images of packages")
struct ExtensionExportTests {
    private static let release = "usr/lib/extension-release.d/extension-release.10-tools"

    private static func export(
        _ script: String, removing: [EntryPath] = [], to name: String = "10-tools.squashfs",
        _ space: borrowing Workspace, change: (inout ExtensionExport) -> Void = { _ in }
    ) throws {
        let cache = try BuildCache(space.place("cache"))
        let artefact = try ScriptedLayer.keep(script, removing: removing, in: cache, space)
        var export = ExtensionExport(space.place(name), architecture: "amd64")
        change(&export)
        _ = try export.write(artefact, time: 86_400)
    }

    @Test("have the files of the package, and say for which system they are")
    func files() throws {
        let space = try Workspace()
        let script =
            "mkdir -p usr/bin opt; echo x >usr/bin/x; chmod 755 usr/bin/x; ln usr/bin/x usr/bin/y; ln -s x usr/bin/z"
        try Self.export(script, space)
        let list = try space.run(
            "unsquashfs -d out 10-tools.squashfs >/dev/null; cd out; find . -mindepth 1 -printf '%P %m %n\\n' | sort")
        #expect(list.contains("usr/bin/x 755 2\n") && list.contains("usr/bin/z 777 1\n") && list.contains("opt 755"))
        #expect(try space.run("cat out/\(Self.release)") == "ID=_any\nARCHITECTURE=x86-64\n")
        #expect(try space.run("ls -A | tr '\\n' ' '") == "10-tools.squashfs cache out root ")
        let first = try space.bytes("10-tools.squashfs")
        try Self.export(script, space) {
            $0.system = "debian"; $0.version = "12"; $0.architecture = "all"
        }
        try space.run("rm -r out; unsquashfs -d out 10-tools.squashfs >/dev/null")
        #expect(try space.run("cat out/\(Self.release)") == "ID=debian\nVERSION_ID=12\n")
        try Self.export(script, space)
        #expect(try space.bytes("10-tools.squashfs") == first)
    }

    @Test("keep what the package itself says of that")
    func own() throws {
        let space = try Workspace()
        try Self.export("mkdir -p usr/lib/extension-release.d; echo ID=own >\(Self.release)", space)
        #expect(try space.run("unsquashfs -cat 10-tools.squashfs \(Self.release)") == "ID=own\n")
    }

    @Test("are refused in words for what they cannot hold, and leave nothing")
    func refused() throws {
        let space = try Workspace()
        #expect { try Self.export("mkdir etc; echo x >etc/x; echo y >y", space) } throws: {
            "\($0)".contains("/etc, /etc/x, /y") && "\($0)".contains("/usr and /opt alone")
        }
        #expect { try Self.export("mkdir usr", removing: ["usr/x"], space) } throws: {
            "\($0)".contains("/usr/x") && "\($0)".contains("cannot take files away")
        }
        for name in ["tools.squashfs", "10-tools.raw", "10-tools"] {
            #expect { try Self.export("mkdir usr", to: name, space) } throws: {
                "\($0)".contains("Name it like 10-tools.squashfs")
            }
        }
        #expect(try space.run("ls -A | tr '\\n' ' '") == "cache root ")
    }
}
