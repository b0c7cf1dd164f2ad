import LinuxSystem
import SystemPackage
import Testing

@testable import BuildPlanning

/// The shells of distributions run the scripts, in a folder in the place of the root.
@Suite("What runs last in an image")
struct ImageScriptsTests {
    private static let shells = [["dash"], ["busybox", "sh"], ["bash"]]

    /// Runs a script with a tree of its own, and gives what a command prints there then.
    private static func run(_ script: String, in shell: [String], before: String = ":", print: String) throws -> String
    {
        let folder = try PrivateFolder(in: "/tmp", prefix: "image-scripts")
        let root = folder.path.string
        // Only what begins a path: not a folder within one.
        let local = script.replacing(/(^|[ "'=<>(\n])(\/(?:usr|etc|boot|lib|out)\/)/) {
            "\($0.output.1)\(root)\($0.output.2)"
        }
        func shellRun(_ text: String, _ words: [String]) throws -> String {
            let outcome = try ChildProcess.run(
                words[0], words.dropFirst() + ["-ec", text],
                // Without the folders of ldconfig and its like: those of this machine are nobody's business.
                environment: ["PATH=\(root)/bin:/usr/bin:/bin"], directory: folder.path,
                output: .capture(atMost: 1 << 16), timeout: .seconds(20)
            ).requireSuccess()
            return String(decoding: outcome.standardOutput, as: UTF8.self)
        }
        _ = try shellRun(before, ["sh"])
        _ = try shellRun(local, shell)
        return try shellRun(print, ["sh"])
    }

    @Test("replaces lines of os-release and adds others, where it lies and also where there is none", arguments: shells)
    func release(shell: [String]) throws {
        let script = ImageScripts.release(["NAME": #"A "$b" `c` \d's"#, "IMAGE_ID": "harbour"])
        let wanted = "IMAGE_ID=\"harbour\"\nNAME=\"A \\\"\\$b\\\" \\`c\\` \\\\d's\"\n"
        let old = #"NAME=Debian\nID=debian\nNAMES=x\nURL="a\\b"\nlast=1"#
        let kept = "ID=debian\nNAMES=x\nURL=\"a\\b\"\nlast=1\n"
        #expect(
            try Self.run(
                script, in: shell,
                before: "mkdir -p usr/lib etc; printf '\(old)' >usr/lib/os-release; ln -s ../usr/lib/os-release etc",
                print: "test -L etc/os-release; cat etc/os-release; ls usr/lib") == kept + wanted + "os-release\n")
        #expect(
            try Self.run(
                script, in: shell, before: "mkdir -p usr/lib etc; printf '\(old)' >etc/os-release",
                print: "test ! -e usr/lib/os-release; cat etc/os-release") == kept + wanted)
        #expect(try Self.run(script, in: shell, print: "cat usr/lib/os-release") == wanted)
        // A shell reads back what was written.
        #expect(
            try Self.run(script, in: shell, print: ". ./usr/lib/os-release; printf %s \"$NAME\"") == #"A "$b" `c` \d's"#
        )
    }

    @Test("makes the initramfs of two releases the same, and leaves os-release as it was", arguments: shells)
    func unversioned(shell: [String]) throws {
        let tools =
            "mkdir -p bin usr/lib/modules/6.1 usr/lib/dracut/modules.d/90lifeboot; "
            + "printf '#!/bin/sh\ncat \"${0%%/*}/../usr/lib/os-release\" >\"${0%%/*}/../seen\"\n' >bin/dracut; chmod 755 bin/dracut; "
        func made(_ version: String) throws -> [Substring] {
            let release = [
                "IMAGE_VERSION": version, "NAME": "Area 51", "PRETTY_NAME": "Area 51 \(version) (beta)",
                "VERSION": "v\(version) (\(version))",
            ]
            let whole = ImageScripts.release(release)
            let script = ImageScripts.naming(
                kernel: "6.1", "\(whole)\n\(ImageScripts.initramfs(in: release, version))")
            let before = tools + "printf 'ID=debian\nVERSION=12\n' >usr/lib/os-release"
            let print = "cat seen; echo; cat usr/lib/os-release"
            let texts = try Self.run(script, in: shell, before: before, print: print).split(separator: "\n\n")
            #expect(
                try texts.last.map { "\($0)" }
                    == Self.run(whole, in: shell, before: before, print: print.replacing("cat seen; echo; ", with: "")))
            return texts.prefix(1).map { $0 }
        }
        #expect(try made("1") == ["ID=debian\nNAME=\"Area 51\"\nPRETTY_NAME=\"Area 51 (beta)\""])
        #expect(try made("2026.11.2") == made("1"))
    }

    @Test("knows the newest kernel, the one that the file says, or none", arguments: shells)
    func kernel(shell: [String]) throws {
        func named(_ version: String?, _ kernels: String) throws -> String {
            try Self.run(
                ImageScripts.naming(kernel: version, "mkdir -p /out/; echo \"<$KERNEL>\" >/out/said"), in: shell,
                before: "for name in \(kernels); do mkdir -p usr/lib/modules/$name; done", print: "cat out/said")
        }
        #expect(try named(nil, "6.1.0-9 6.1.0-10 5.10") == "<6.1.0-10>\n")
        #expect(try named("6.1.0-9", "6.1.0-9 6.1.0-10") == "<6.1.0-9>\n")
        #expect(try named(nil, "") == "<>\n")
    }

    // Debian's busybox has a depmod of its own, which comes before that of PATH.
    @Test(
        "makes caches and the initramfs by the programs that are there, and none without",
        arguments: [shells[0], shells[2]])
    func making(shell: [String]) throws {
        let note = "printf '#!/bin/sh\\necho \"${0##*/} $*\" >>\"$(dirname \"$0\")/../said\"\\n'"
        let tools =
            "mkdir -p bin usr/lib/modules/6.1/kernel usr/share/fonts boot; for tool in depmod ldconfig fc-cache dracut; do "
            + "\(note) >bin/$tool; chmod 755 bin/$tool; done; : >said; "
        let settings =
            "mkdir -p usr/lib/dracut/modules.d/90lifeboot usr/share/lifeboot; echo ours >usr/share/lifeboot/dracut.conf; "
        let script = ImageScripts.naming(kernel: nil, ImageScripts.remaking + "\n" + ImageScripts.initramfs)
        let said = try Self.run(
            script, in: shell, before: tools + settings, print: "cat said; cat etc/dracut.conf.d/lifeboot.conf")
        let lines = said.split(separator: "\n").map(String.init)
        #expect(lines.prefix(3) == ["depmod 6.1", "ldconfig ", "fc-cache --system-only"])
        #expect(lines.count == 5 && lines[3].hasSuffix("/boot/initrd.img-6.1") && lines[3].contains("--kver 6.1"))
        #expect(lines.last == "ours")
        // It stays where the distribution has it, and settings that name the module stay as they are.
        let there =
            "mkdir -p etc/dracut.conf.d; echo 'add lifeboot' >etc/dracut.conf.d/own.conf; : >usr/lib/modules/6.1/initrd; "
        let again = try Self.run(
            script, in: shell, before: tools + settings + there, print: "tail -n 1 said; ls etc/dracut.conf.d")
        #expect(again.contains("/usr/lib/modules/6.1/initrd\nown.conf\n"), "\(again)")
        // Without the agent's module nothing is made.
        #expect(try !Self.run(script, in: shell, before: tools, print: "cat said").contains("dracut"))
        #expect(try Self.run(script, in: shell, before: "mkdir -p usr", print: "ls -A") == "usr\n")
    }
}
