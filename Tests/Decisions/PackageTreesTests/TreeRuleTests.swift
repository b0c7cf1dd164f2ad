import ImageModel
import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

@Suite("Rules about what no package carries")
struct TreeRuleTests {
    @Test("every glob of the tables can be read, and every rule has a reason")
    func tables() {
        for rule in TreeRule.table {
            #expect(!rule.globs.isEmpty && !rule.reason.isEmpty && !rule.reason.hasSuffix("."))
        }
        #expect(TreeRule.table.flatMap(\.globs).count == 106)
        #expect(SharedState.table.flatMap(\.globs).count == 25)
    }

    @Test(
        "what belongs to the engine, to the running system or to one build is left out",
        arguments: [
            "run/x", "tmp/x/y", "var/tmp/x", "dev/null", "proc/1", "sys/x", "build", "build/package.yaml",
            "etc/hostname",
            "etc/hosts", "etc/resolv.conf", "etc/mtab", ".dockerenv", "var/log/dpkg.log", "var/log/apt/term.log",
            "var/cache/apt/pkgcache.bin", "var/cache/debconf/config.dat", "var/cache/ldconfig/aux-cache",
            "var/cache/man/index.db", "var/lib/apt/lists/x_InRelease", "etc/passwd-", "etc/gshadow-", "etc/subuid-",
            "var/lib/dpkg/status-old", "var/lib/dpkg/diversions-old", "etc/ssh/sshd_config.dpkg-old",
            "var/lib/ucf/registry.3", "etc/.pwd.lock", "var/lib/dpkg/lock-frontend", "var/lib/dpkg/updates/0001",
            "root/.cache/pip/x", "root/.bash_history", "usr/lib/python3/__pycache__/a.pyc", "a/__pycache__",
            "etc/ld.so.cache", "lib/modules/6.1/modules.dep", "usr/lib/modules/6.1/modules.alias.bin",
            "usr/share/mime/mime.cache", "var/cache/fontconfig/x", "boot/initrd.img-6.1", "initrd.img",
            "boot/initramfs-6.1.img",
        ] as [EntryPath])
    func excluded(path: EntryPath) {
        #expect(TreeRules().exclusion(of: Fixture.file(path)) != nil)
        let kept = TreeRules(keeping: [glob("/\(path)")])
        #expect(kept.exclusion(of: Fixture.file(path)) == nil)
        #expect(kept.exclusion(of: Fixture.file("run/other")) != nil)
    }

    @Test(
        "what looks similar is carried",
        arguments: [
            Fixture.folder("run"), Fixture.folder("tmp"), Fixture.file("runner"), Fixture.file("etc/hosts.allow"),
            Fixture.link("etc/resolv.conf", to: "../run/x"), Fixture.folder("var/log/nginx"),
            Fixture.folder("var/cache/apt/archives"), Fixture.file("var/cache/app/x"), Fixture.file("etc/passwd"),
            Fixture.file("usr/bin/a-"), Fixture.file("etc/ld.so.conf"), Fixture.file("lib/modules/6.1/modules.order"),
            Fixture.file("lib/modules/6.1/modules.builtin"), Fixture.file("boot/vmlinuz-6.1"),
            Fixture.file("usr/share/mime/packages/x.xml"), Fixture.file("root/.profile"),
            Fixture.file("etc/machine-id"),
            Fixture.folder("etc/ssh"),
        ])
    func carried(entry: TreeEntry) { #expect(TreeRules().exclusion(of: entry) == nil) }

    @Test("the folder that an engine makes is left out only where the base has none")
    func engineFolders() {
        for path in ["run", "dev", "proc", "sys"] as [EntryPath] {
            #expect(TreeRules().exclusion(of: Fixture.folder(path), isAdded: true)?.scope == .addedFolders)
        }
        #expect(TreeRules().exclusion(of: Fixture.folder("srv"), isAdded: true) == nil)
    }

    @Test(
        "secrets are an error, and the empty id of a machine is none",
        arguments: [
            (Fixture.file("etc/ssh/ssh_host_rsa_key"), true), (Fixture.file("etc/ssh/ssh_host_rsa_key.pub"), true),
            (Fixture.file("var/lib/systemd/random-seed"), true), (Fixture.file("etc/machine-id"), true),
            (Fixture.file("etc/machine-id", size: 0), false), (Fixture.file("var/lib/dbus/machine-id"), true),
            (Fixture.link("var/lib/dbus/machine-id", to: "/etc/machine-id"), false),
            (Fixture.file("etc/ssh/sshd_config"), false),
        ])
    func refused(entry: TreeEntry, isRefused: Bool) {
        #expect((TreeRules.refusal(of: entry) != nil) == isRefused)
    }

    @Test("the word that asks for a new id is no id")
    func uninitialized() throws {
        // printf 'uninitialized\n' | sha256sum
        let hex = "b1f1319607d3ec9e0bf8c817dffcb1cd9a9b81f588760bada66755561a65d697"
        let digest = try #require(Digest(hex: hex))
        let entry = TreeEntry(path: "etc/machine-id", kind: .regular(size: 14, digest: digest))
        #expect(TreeRules.refusal(of: entry) == nil)
    }
}

/// Reads a glob that is one.
func glob(_ text: String) -> PathGlob {
    do { return try PathGlob(parsing: text) } catch {
        preconditionFailure("\(error)")
    }
}

/// Reads globs that are some.
func globs(_ texts: String...) -> [PathGlob] { texts.map(glob) }
