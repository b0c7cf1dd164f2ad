import Foundation
import Testing

@Suite("Debian packages", .needs("dpkg-deb"))
struct DebianPackageTests {
    @Test(
        "lifeboot has what scripts/install puts into an image, and the settings that its owner changes",
        .needs("grub-mkimage"))
    func contents() throws {
        let build = try PackageBuild()
        defer { build.remove() }
        let files = try build.files("lifeboot")
        for path in [
            "usr/bin/lifeboot", "usr/lib/lifeboot/lifeboot-init", "usr/lib/dracut/modules.d/90lifeboot/module-setup.sh",
            "usr/lib/lifeboot/grub/grub.cfg", "etc/dracut.conf.d/lifeboot.conf", "usr/share/doc/lifeboot/copyright",
            "usr/share/doc/lifeboot/changelog.Debian.gz", "usr/share/doc/lifeboot/changelog.gz",
            "usr/share/doc/lifeboot/lifeboot.spdx.json", "usr/share/doc/lifeboot/lifeboot-init.spdx.json",
            "usr/share/man/man8/lifeboot.8.gz",
            "usr/share/bash-completion/completions/lifeboot", "usr/share/zsh/vendor-completions/_lifeboot",
            "usr/share/fish/vendor_completions.d/lifeboot.fish",
        ] { #expect(files.contains(path), "\(path)") }
        let configured = try build.control("lifeboot", "conffiles").split(separator: "\n").map {
            String($0.dropFirst())
        }
        #expect(Set(configured) == files.filter { $0.hasPrefix("etc/") })
        #expect(!files.contains { $0.contains("boatyard") })
    }

    @Test("boatyard has its own manual, and the agent with the agent's", .needs("grub-mkimage"))
    func host() throws {
        let build = try PackageBuild()
        defer { build.remove() }
        let files = try build.files("boatyard")
        let agent = "usr/share/lifeboot/agent"
        for path in [
            "usr/bin/boatyard", "usr/share/man/man1/boatyard.1.gz", "usr/share/doc/boatyard/boatyard.spdx.json",
            "\(agent)/usr/bin/lifeboot", "\(agent)/usr/share/man/man8/lifeboot.8.gz",
        ] { #expect(files.contains(path), "\(path)") }
        #expect(!files.contains("usr/share/man/man8/lifeboot.8.gz") && !files.contains { $0.hasPrefix("etc/") })
    }

    @Test("units are enabled by the preset, and nothing of the templates is left", .needs("grub-mkimage"))
    func control() throws {
        let build = try PackageBuild()
        defer { build.remove() }
        let preset = try Repository.text("system/systemd/system-preset/50-lifeboot.preset")
        let units = preset.split(separator: "\n").filter { $0.hasPrefix("enable ") }.map {
            $0.dropFirst("enable ".count)
        }
        let line = "units='\(units.joined(separator: " "))'\n"
        for script in ["postinst", "postrm"] { #expect(try build.control("lifeboot", script).contains(line)) }
        for name in ["control", "preinst", "postinst", "postrm", "triggers"] {
            #expect(try build.control("lifeboot", name).firstMatch(of: /@[A-Z_]+@/) == nil, "\(name)")
        }
        #expect(try build.control("boatyard", "control").firstMatch(of: /@[A-Z_]+@/) == nil)
        #expect(try build.control("lifeboot", "triggers").contains("\nactivate-noawait update-initramfs\n"))
        #expect(try build.control("boatyard", "control").contains("Depends: libc6"))
    }

    @Test("another mask, language, time zone and time of the files give the same bytes", .needs("grub-mkimage"))
    func reproducible() throws {
        let builds = [
            try PackageBuild(), try PackageBuild(mask: "077", variables: ["TZ=Asia/Tokyo", "LC_ALL=tr_TR.UTF-8"]),
        ]
        defer { for build in builds { build.remove() } }
        for name in ["lifeboot", "boatyard"] {
            #expect(
                try Data(contentsOf: builds[0].package(name)) == Data(contentsOf: builds[1].package(name)), "\(name)")
        }
    }
}

/// Both packages, built of executables that are none.
struct PackageBuild {
    private let folder: URL

    init(mask: String = "022", variables: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "lifeboot-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        let bin = place("bin")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        for name in ["lifeboot-init", "lifeboot", "boatyard"] {
            // An executable, because its libraries are asked for.
            try Data(contentsOf: URL(fileURLWithPath: "/bin/true")).write(to: bin.appending(path: name))
        }
        let written = ["lifeboot", "boatyard"].flatMap { name in
            [
                "bin/\(name).spdx.json", "completions/bash/\(name)", "completions/zsh/_\(name)",
                "completions/fish/\(name).fish",
                "man/man\(name == "lifeboot" ? 8 : 1)/\(name).\(name == "lifeboot" ? 8 : 1).gz",
            ]
        }
        for file in (written + ["bin/lifeboot-init.spdx.json"]).map(place) {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: file)
        }
        let settings = [
            "LIFEBOOT_BIN=\(bin.path)", "LIFEBOOT_MANUAL=\(folder.path)", "LIFEBOOT_DEB_COMPRESSION=none",
            "SOURCE_DATE_EPOCH=1000000000",
        ]
        let line = "umask \(mask); exec scripts/build-packages --output '\(place("deb").path)'"
        let result = try Tool.run("env", settings + variables + ["bash", "-c", line])
        try #require(result.status == 0, "\(result.complaints)")
    }

    private func place(_ name: String) -> URL { folder.appending(path: name) }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// The one file of a package.
    func package(_ name: String) throws -> URL {
        let names = try FileManager.default.contentsOfDirectory(atPath: place("deb").path)
        return place("deb").appending(path: try #require(names.first { $0.hasPrefix("\(name)_") }))
    }

    /// Paths of the files of a package, without leading slash.
    func files(_ name: String) throws -> Set<String> {
        let list = try Tool.run("dpkg-deb", ["--contents", try package(name).path])
        let paths = list.output.split(separator: "\n").compactMap { $0.split(separator: " ").last?.dropFirst(2) }
        return Set(paths.filter { !$0.hasSuffix("/") }.map(String.init))
    }

    /// A member of the control archive.
    func control(_ name: String, _ member: String) throws -> String {
        let result = try Tool.run("dpkg-deb", ["--info", try package(name).path, member])
        try #require(result.status == 0, "\(result.complaints)")
        return result.output
    }
}
