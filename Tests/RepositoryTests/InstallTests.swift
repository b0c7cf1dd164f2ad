import Foundation
import Testing

@Suite("Installation")
struct InstallTests {
    @Test("the agent's files are put where the initramfs and systemd look for them", .needs("grub-mkimage"))
    func agent() throws {
        let installed = try install("agent")
        let module = try Repository.text("dracut-module/module-setup.sh")
        let agent = try #require(module.firstMatch(of: /(?m)^agent=(\S+)$/)).output.1
        #expect(installed.contains(String(agent)), "module-setup.sh looks for \(agent)")
        for path in [
            "/usr/bin/lifeboot", "/usr/lib/dracut/modules.d/90lifeboot/module-setup.sh",
            "/usr/lib/lifeboot/grub/grub.cfg", "/usr/lib/lifeboot/grub/select.cfg", "/usr/lib/lifeboot/grub/version",
            "/usr/lib/lifeboot/grub/boot.img", "/usr/lib/lifeboot/grub/core.img", "/usr/lib/lifeboot/grub/BOOTX64.EFI",
        ] { #expect(installed.contains(path)) }
        for path in Repository.files where path.hasPrefix("system/") && !path.hasSuffix(".md") {
            let name = path.split(separator: "/").last.map { "/\($0)" } ?? path
            let folder = path.hasPrefix("system/profile.d/") ? "/etc/profile.d" : "/usr/lib/"
            let place = installed.first { $0.hasPrefix(folder) && $0.hasSuffix(name) }
            #expect(place != nil, "\(path) is not installed")
        }
        #expect(!installed.contains { $0.hasSuffix(".md") })
    }

    @Test("loaders that the tree's distribution has had signed are copied, both or neither", .needs("grub-mkimage"))
    func signed() throws {
        let (shim, grub) = ("usr/lib/shim/shimx64.efi.signed", "usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed")
        let names = ["shimx64.efi", "grubx64.efi", "mmx64.efi"].map { "/usr/lib/lifeboot/grub/\($0)" }
        let both = try install("agent", into: [shim, grub, "usr/lib/shim/mmx64.efi.signed"])
        #expect(names.allSatisfy { both.contains($0) })
        for one in [shim, grub] { #expect(try install("agent", into: [one]).isDisjoint(with: names)) }
        #expect(try install("agent", into: [shim, grub]).intersection(names) == Set(names.prefix(2)))
    }

    @Test("no unit hangs on a condition that a stray file switches off, by which systemd believes in a container")
    func conditions() throws {
        for path in Repository.files where path.hasPrefix("system/systemd/system/") {
            let lines = try Repository.text(path).split(separator: "\n")
            #expect(!lines.contains { $0.hasPrefix("ConditionKernelCommandLine") }, "\(path)")
            #expect(!lines.contains { $0.hasPrefix("ConditionVirtualization") }, "\(path)")
        }
    }

    @Test(
        "a build machine gets boatyard, what it puts on disks and into images, and the example", .needs("grub-mkimage"))
    func host() throws {
        let grub = ["grub.cfg", "select.cfg", "version"].map { "/usr/share/lifeboot/\($0)" }
        let examples = Repository.files.filter { $0.hasPrefix("examples/") }.map { "/usr/share/lifeboot/\($0)" }
        let agent = try install("agent").map { "/usr/share/lifeboot/agent\($0)" }
        #expect(!examples.isEmpty)
        #expect(try install("host") == Set(["/usr/bin/boatyard"] + grub + examples + agent))
    }

    @Test("the manual and the completions of a program are installed where they have been made", .needs("grub-mkimage"))
    func manual() throws {
        let made = [
            "man/man8/lifeboot.8.gz", "man/man8/lifeboot-status.8.gz", "man/man5/lifeboot.config.5.gz",
            "man/man1/boatyard.1.gz", "completions/bash/lifeboot", "completions/zsh/_lifeboot",
            "completions/fish/lifeboot.fish",
        ]
        let plain = try install("agent")
        #expect(
            try install("agent", made: made).subtracting(plain) == [
                "/usr/share/man/man8/lifeboot.8.gz", "/usr/share/man/man8/lifeboot-status.8.gz",
                "/usr/share/man/man5/lifeboot.config.5.gz", "/usr/share/bash-completion/completions/lifeboot",
                "/usr/share/zsh/vendor-completions/_lifeboot", "/usr/share/fish/vendor_completions.d/lifeboot.fish",
            ])
        #expect(!plain.contains { $0.hasPrefix("/usr/share/man/") })
    }

    /// Installs into a folder with some empty files, with empty files for executables; returns the paths of all files there.
    private func install(
        _ what: String, into present: [String] = [], made: [String] = []
    ) throws -> Set<String> {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "lifeboot-\(UUID().uuidString)").resolvingSymlinksInPath()
        defer { try? files.removeItem(at: folder) }
        let (executables, tree) = (folder.appending(path: "bin"), folder.appending(path: "tree"))
        let manual = folder.appending(path: "out")
        for url in [executables, tree] { try files.createDirectory(at: url, withIntermediateDirectories: true) }
        for file in present.map({ tree.appending(path: $0) }) + made.map({ manual.appending(path: $0) }) {
            try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: file)
        }
        for name in ["lifeboot-init", "lifeboot", "boatyard"] {
            try Data().write(to: executables.appending(path: name))
        }
        let variables = ["DESTDIR=\(tree.path)", "LIFEBOOT_BIN=\(executables.path)", "LIFEBOOT_MANUAL=\(manual.path)"]
        let result = try Tool.run("env", variables + ["scripts/install", what])
        #expect(result.status == 0, "\(result.complaints)")
        let found =
            files.enumerator(at: tree, includingPropertiesForKeys: [.isDirectoryKey])?.allObjects as? [URL] ?? []
        return Set(found.filter { !$0.hasDirectoryPath }.map { String($0.path.dropFirst(tree.path.count)) })
    }
}
