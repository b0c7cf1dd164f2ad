import OverlayPlanning
import SystemPackage
import Testing

@testable import Overlays

@Suite("Reading what is in an overlay")
struct OverlayTreeReaderTests {
    private func tree(_ script: String, isThorough: Bool = false) throws -> OverlayTree {
        let fixture = try FixtureRoot()
        try fixture.shell("mkdir 10-x; cd 10-x; \(script)")
        return try OverlayTreeReader(place: fixture.oem.appending("10-x"), isThorough: isThorough).tree()
    }

    private func paths(_ tree: OverlayTree) -> Set<String> { Set(tree.nodes.map(\.path)) }

    @Test("only hierarchies count that are folders")
    func hierarchies() throws {
        let tree = try tree("mkdir usr var; ln -s usr opt; touch etc")
        #expect(tree.hierarchies == [.usr])
        #expect(!tree.isEmpty)
    }

    @Test("an empty folder is empty")
    func empty() throws { #expect(try tree("true").isEmpty) }

    @Test(
        "a boot sees what lies at protected paths, and in them",
        arguments: [
            "/usr/lib/lifeboot/keys/x.pem", "/etc/lifeboot/policy.yaml", "/usr/bin/lifeboot", "/usr/lib/os-release",
            "/etc/systemd/system/lifeboot-health.service", "/etc/systemd/system/lifeboot-health.service.d/x.conf",
            "/usr/lib/systemd/system/lifeboot-health.timer", "/etc/machine-id", "/etc/os-release",
        ])
    func protected(path: String) throws {
        let tree = try tree("mkdir -p .$(dirname \(path)); touch .\(path) usr-other")
        #expect(tree.nodes.contains { $0.path == path && $0.kind == .file })
    }

    @Test("a boot does not look at everything, and a check does", arguments: [false, true])
    func thorough(isThorough: Bool) throws {
        let tree = try tree(
            "mkdir -p usr/bin usr/share/x; echo 1234 > usr/share/x/y; ln -s y usr/share/x/z", isThorough: isThorough)
        #expect(paths(tree).contains("/usr/bin"))
        #expect(paths(tree).contains("/usr/share/x/y") == isThorough)
        #expect(tree.nodes.contains { $0.path == "/usr/share/x/z" && $0.kind == .link } == isThorough)
        #expect(tree.bytes == (isThorough ? 5 : 0))
    }

    @Test(
        "marks of overlays are seen, at a boot and in a check", .enabled(if: TestedMachine.has("setfattr")),
        arguments: [false, true])
    func marks(isThorough: Bool) throws {
        let tree = try tree(
            "mkdir -p usr/lib etc; mknod etc/machine-id c 0 0; mkfifo etc/os-release; setfattr -n trusted.overlay.opaque -v y usr/lib; chmod 2750 usr/lib; chown 3:4 usr/lib",
            isThorough: isThorough)
        #expect(tree.nodes.contains(OverlayNode("/etc/machine-id", .whiteout)))
        #expect(tree.nodes.contains(OverlayNode("/etc/os-release", .file)))
        let attributes = FolderAttributes(permissions: 0o2750, owner: 3, group: 4)
        #expect(tree.nodes.contains(OverlayNode("/usr/lib", .opaqueFolder(attributes))))
    }

    @Test("extension-release files are read with their names and their attribute")
    func releases() throws {
        let folder = "usr/lib/extension-release.d"
        let tree = try tree(
            """
            mkdir -p \(folder) etc/extension-release.d; echo ID=demo > \(folder)/extension-release.a
            setfattr -n user.extension-release.strict -v false \(folder)/extension-release.a
            ln -s extension-release.a \(folder)/extension-release.b; touch \(folder)/other
            head -c 70000 /dev/zero > etc/extension-release.d/extension-release.big
            """)
        let releases = tree.releases
        #expect(releases.map(\.name) == ["a", "b", "big"])
        #expect(releases.map(\.kind) == [.sysext, .sysext, .confext])
        #expect(releases.map(\.isRegular) == [true, false, true])
        #expect(releases.first?.strict == "false")
        guard case .text(let text) = releases.first?.contents else { return #expect(Bool(false), "it was read") }
        #expect(text["ID"] == "demo")
        if case .text = releases.last?.contents { Issue.record("it is too large") }
    }

    @Test("a link on the way is no folder, as in overlayfs")
    func links() throws {
        let fixture = try FixtureRoot()
        try fixture.shell("mkdir -p 10-x/usr/real/in; ln -s real 10-x/usr/link")
        var lookup = NodeLookup(root: fixture.oem.appending("10-x"))
        #expect(try lookup.kind("/usr/link") == .link)
        #expect(try lookup.kind("/usr/link/in") == nil)
        #expect(try lookup.kind("/usr/real/in")?.isFolder == true)
        #expect(try lookup.kind("/opt/x") == nil)
    }
}
