import Testing

@testable import ImagePlanning

/// Facts of an image in which nothing is wrong.
private func goodFacts() -> ImageFacts {
    var tree = TreeIndex()
    for path in ["boot", "etc", "oem", "tmp", "usr", "usr/lib/modules/6.1-2"] {
        tree.add(.directory(permissions: 0o755), at: path)
    }
    tree.add(.link("usr/sbin"), at: "sbin")
    tree.add(.link("../lib/systemd/systemd"), at: "usr/sbin/init")
    for path in ["usr/lib/systemd/systemd", "usr/lib/lifeboot/lifeboot-init", "usr/bin/lifeboot"] {
        tree.add(.file(architecture: "amd64"), at: path)
    }
    for (unit, target) in [("lifeboot-mark-good.service", "multi-user"), ("lifeboot-history.service", "sysinit")] {
        tree.add(.file(architecture: nil), at: "usr/lib/systemd/system/\(unit)")
        tree.add(.link("/usr/lib/systemd/system/\(unit)"), at: "etc/systemd/system/\(target).target.wants/\(unit)")
    }
    var facts = ImageFacts(.signing, tree: tree)
    facts.moduleVersions = [KernelVersion("6.1-2")]
    facts.kernel = .init(
        version: KernelVersion("6.1-2"), path: "boot/vmlinuz-6.1-2",
        header: KernelHeader(format: "bzImage", architectures: ["amd64"], version: KernelVersion("6.1-2")))
    facts.initrd = .read(goodInitrd())
    facts.keys = [KeyFile("usr/lib/lifeboot/keys/a.pem", .publicKey(isSigner: true))]
    facts.initrdKeys = facts.keys
    facts.kernelArguments = ["console=ttyS0", "quiet", "lifeboot.device-timeout=20", "init=/sbin/init"]
    return facts
}

/// An initramfs of dracut with systemd.
private func goodInitrd() -> InitrdContent {
    var content = InitrdContent()
    content.tree.add(.link("usr/lib/systemd/systemd"), at: "init")
    let files = [
        "usr/lib/lifeboot/lifeboot-init", "usr/sbin/e2fsck", "usr/lib/systemd/system/lifeboot-init.service",
        "usr/lib/lifeboot/allow-local-images",
    ]
    let modules = [
        "drivers/block/loop.ko", "drivers/md/dm-verity.ko.xz", "fs/squashfs/squashfs.ko.zst", "fs/overlayfs/overlay.ko",
    ]
    for path in files + modules.map({ "usr/lib/modules/6.1-2/kernel/\($0)" }) {
        content.tree.add(.file(architecture: nil), at: path)
    }
    content.tree.add(
        .link("../lifeboot-init.service"),
        at: "usr/lib/systemd/system/initrd-root-fs.target.requires/lifeboot-init.service")
    content.texts["usr/lib/modules/6.1-2/modules.builtin"] = Array(
        "kernel/fs/ext4/ext4.ko\nkernel/drivers/md/dm-mod.ko\n".utf8)
    return content
}

/// One in which the agent is the first process, without what lies at a path.
private func minimalInitrd(without path: String = "") -> InitrdFinding {
    var content = goodInitrd()
    var tree = TreeIndex()
    let units = content.tree.nodes.filter { !$0.key.contains("systemd") && $0.key != "init" }
    for (place, node) in units { tree.add(node, at: place) }
    if path != "init" { tree.add(.link("usr/lib/lifeboot/lifeboot-init"), at: "init") }
    if path != "sbin/modprobe" { tree.add(.link("../usr/lib/lifeboot/lifeboot-init"), at: "sbin/modprobe") }
    if path != "etc/initrd-release" { tree.add(.file(architecture: nil), at: "etc/initrd-release") }
    content.tree = tree
    return .read(content)
}

/// The same initramfs without what lies at a path, or with something at one.
private func initrd(without path: String = "", with other: String = "") -> InitrdFinding {
    var content = goodInitrd()
    var tree = TreeIndex()
    for (place, node) in content.tree.nodes where place != path { tree.add(node, at: place) }
    if !other.isEmpty { tree.add(.file(architecture: nil), at: other) }
    content.tree = tree
    return .read(content)
}

extension ImageFacts {
    fileprivate mutating func remove(_ path: String) {
        var rest = TreeIndex()
        for (place, node) in tree.nodes where place != path { rest.add(node, at: place) }
        tree = rest
    }
}

@Suite("Checks of images")
struct ImageCheckTests {
    /// One change that a check finds; the word must be in its cause.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let check: String
        let word: String
        let change: @Sendable (inout ImageFacts) -> Void

        init(_ check: String, _ word: String, _ change: @escaping @Sendable (inout ImageFacts) -> Void) {
            self.check = check
            self.word = word
            self.change = change
        }

        var testDescription: String { "\(check): \(word)" }
    }

    @Test("root filesystem and initramfs that are sealed together are right")
    func sealed() {
        var facts = goodFacts()
        facts.tree.add(.file(architecture: nil), at: "usr/lib/lifeboot/sealed")
        facts.initrd = initrd(with: "usr/lib/lifeboot/sealed")
        #expect(ImageChecks.findings(of: facts) == [])
    }

    @Test("a signed kernel and both of the signed loaders are right together")
    func signed() {
        var facts = goodFacts()
        for name in ["shimx64.efi", "grubx64.efi"] {
            facts.tree.add(.file(architecture: nil), at: "usr/lib/lifeboot/grub/\(name)")
        }
        facts.kernel?.header = KernelHeader(
            format: "bzImage", architectures: ["amd64"], version: KernelVersion("6.1-2"), isSigned: true)
        #expect(ImageChecks.findings(of: facts) == [])
    }

    @Test("an initramfs in which the agent is the first process is right without systemd")
    func minimal() {
        var facts = goodFacts()
        facts.initrd = minimalInitrd()
        #expect(ImageChecks.findings(of: facts) == [])
        // Dracut's own initramfs brings what such a program needs.
        facts.initrd = .read(goodInitrd())
        facts.tree.add(.file(architecture: nil), at: "usr/sbin/lvm")
        #expect(ImageChecks.findings(of: facts) == [])
    }

    static let unit = "etc/systemd/system/multi-user.target.wants/lifeboot-mark-good.service"

    static let mistakes: [Mistake] =
        [
            Mistake("boot-files", "no kernel") { $0.bootFileFault = "there is no kernel" },
            Mistake("os-release", "os-release") { $0.hasOSRelease = false },
            Mistake("first-process", "first process") { $0.remove("usr/lib/systemd/systemd") },
            Mistake("architecture", "/sbin/init is for arm64") {
                $0.tree.add(.file(architecture: "arm64"), at: "usr/lib/systemd/systemd")
            },
            Mistake("architecture", "lifeboot-init is for arm64") {
                $0.tree.add(.file(architecture: "arm64"), at: "usr/lib/lifeboot/lifeboot-init")
            },
            Mistake("modules", "modules for 6.1-3") { $0.moduleVersions = [KernelVersion("6.1-3")] },
            Mistake("modules", "modules for none") { $0.moduleVersions = [] },
            Mistake("kernel-header", "/boot/vmlinuz-6.1-2") { $0.kernel?.header = nil },
            Mistake("architecture-unknown", "for which machines") {
                $0.kernel?.header = nil
                $0.tree.add(.file(architecture: nil), at: "usr/lib/systemd/systemd")
            },
            Mistake("initrd-unread", "nothing that a kernel") {
                $0.initrd = .unreadable("it begins as nothing that a kernel unpacks")
            },
            Mistake("initrd-damaged", "in the middle") { $0.initrd = .damaged("it ends in the middle of a file") },
            Mistake("initrd-agent", "lifeboot-init") { $0.initrd = initrd(without: "usr/lib/lifeboot/lifeboot-init") },
            Mistake("initrd-start", "starts the agent") {
                $0.initrd = initrd(
                    without: "usr/lib/systemd/system/initrd-root-fs.target.requires/lifeboot-init.service")
            },
            Mistake("initrd-start", "starts the agent") {
                $0.initrd = initrd(without: "usr/lib/systemd/system/lifeboot-init.service")
            },
            Mistake("initrd-start", "starts the agent") { $0.initrd = minimalInitrd(without: "init") },
            Mistake("initrd-start", "/sbin/modprobe does not lead") {
                $0.initrd = minimalInitrd(without: "sbin/modprobe")
            },
            Mistake("initrd-start", "/etc/initrd-release") { $0.initrd = minimalInitrd(without: "etc/initrd-release") },
            Mistake("initrd-minimal", "/usr/sbin/lvm") {
                $0.initrd = minimalInitrd()
                $0.tree.add(.file(architecture: nil), at: "usr/sbin/lvm")
            },
            Mistake("seal", "the root filesystem is sealed, and") {
                $0.tree.add(.file(architecture: nil), at: "usr/lib/lifeboot/sealed")
            },
            Mistake("seal", "the initramfs is sealed, and") { $0.initrd = initrd(with: "usr/lib/lifeboot/sealed") },
            Mistake("initrd-e2fsck", "e2fsck") { $0.initrd = initrd(without: "usr/sbin/e2fsck") },
            Mistake("initrd-modules", "squashfs") {
                $0.initrd = initrd(without: "usr/lib/modules/6.1-2/kernel/fs/squashfs/squashfs.ko.zst")
            },
            Mistake("initrd-modules", "modules for 6.1-2, the kernel is 6.1-3") {
                $0.moduleVersions = [KernelVersion("6.1-3")]
                $0.kernel = .init(
                    version: KernelVersion("6.1-3"), path: "boot/vmlinuz-6.1-3",
                    header: $0.kernel?.header.map {
                        KernelHeader(format: $0.format, architectures: $0.architectures)
                    })
            },
            Mistake("signed-loaders", "no /usr/lib/lifeboot/grub/grubx64.efi") {
                $0.kernel?.header = KernelHeader(format: "bzImage", architectures: ["amd64"], isSigned: true)
                $0.tree.add(.file(architecture: nil), at: "usr/lib/lifeboot/grub/shimx64.efi")
            },
            Mistake("signed-loaders", "no /usr/lib/lifeboot/grub/shimaa64.efi") {
                $0.tree.add(.file(architecture: nil), at: "usr/lib/lifeboot/grub/grubaa64.efi")
            },
            Mistake("signed-kernel", "/boot/vmlinuz-6.1-2 has no signature") {
                for name in ["shimx64.efi", "grubx64.efi"] {
                    $0.tree.add(.file(architecture: nil), at: "usr/lib/lifeboot/grub/\(name)")
                }
            },
            Mistake("signing-key", "would not boot") {
                $0.initrdKeys = [KeyFile("usr/lib/lifeboot/keys/a.pem", .publicKey(isSigner: false))]
            },
            Mistake("signing-key", "has no keys") { $0.initrdKeys = [] },
            Mistake("signing-key", "would not boot") {
                $0.initrd = .unreadable("?")
                $0.keys = [KeyFile("usr/lib/lifeboot/keys/a.pem", .publicKey(isSigner: false))]
            },
            Mistake("signing-key", "only *.pem") {
                $0.initrd = .unreadable("?")
                $0.keys = [KeyFile("usr/lib/lifeboot/keys/a.pub", .publicKey(isSigner: true))]
            },
            Mistake("key-file", "/usr/lib/lifeboot/keys/b.pem") {
                $0.keys.append(KeyFile("usr/lib/lifeboot/keys/b.pem", .noKey("no start line")))
            },
            Mistake("key-file", "the initramfs' /etc/lifeboot/keys/b.pub") {
                $0.initrdKeys.append(KeyFile("etc/lifeboot/keys/b.pub", .noKey("no start line")))
            },
            Mistake("private-key", "is a private key") {
                $0.keys.append(KeyFile("usr/lib/lifeboot/keys/lifeboot.key", .privateKey(isOurs: false)))
            },
            Mistake("private-key", "private half") { $0.keys.append(KeyFile("root/k", .privateKey(isOurs: true))) },
            Mistake("agent", "does not boot") {
                $0.initrd = .unreadable("?")
                $0.remove("usr/lib/lifeboot/lifeboot-init")
            },
            Mistake("agent-in-root", "root filesystem") { $0.remove("usr/lib/lifeboot/lifeboot-init") },
            Mistake("program", "/usr/bin/lifeboot") { $0.remove("usr/bin/lifeboot") },
            Mistake("mark-good", "not enabled") { $0.remove(unit) },
            Mistake("mark-good", "not there") { $0.remove("usr/lib/systemd/system/lifeboot-mark-good.service") },
            Mistake("mark-good", "masked") {
                $0.tree.add(.link("/dev/null"), at: "etc/systemd/system/lifeboot-mark-good.service")
            },
            Mistake("history", "not enabled") {
                $0.remove("etc/systemd/system/sysinit.target.wants/lifeboot-history.service")
            },
            Mistake("mount-points", "/oem is no folder") { $0.tree.add(.file(architecture: nil), at: "oem") },
            Mistake("mount-points", "/tmp is a link to /space/tmp") { $0.tree.add(.link("space/tmp"), at: "tmp") },
            Mistake("mount-points", "/data is not there") {
                $0.layout = .read(path: "etc/lifeboot/layout.yaml", writable: ["tmp", "data"], needed: ["data"])
            },
            Mistake("layout", "line 3") {
                $0.layout = .broken(path: "usr/lib/lifeboot/layout.yaml", reason: "line 3: no key")
            },
            Mistake("configuration", "system/oem/1.yaml line 3") {
                $0.refusedSteps = ["system/oem/1.yaml line 3: unknown key"]
            },
            Mistake("tmp", "/tmp is read-only") {
                $0.layout = .read(path: "usr/lib/lifeboot/layout.yaml", writable: ["etc", "var"], needed: [])
            },
        ]
        + [
            "lifeboot.verity=off", "lifeboot.debug-rw", "lifeboot.disable", "rd.cos.disable",
            "lifeboot.image=0123456789abcdef",
            "lifeboot.role=active", "init=/bin/sh", "--", "root=LABEL=x", "cos-img/filename=/x",
        ].map { argument in Mistake("kernel-arguments", argument) { $0.kernelArguments.append(argument) } }

    @Test("nothing is found where nothing is wrong")
    func good() { #expect(ImageChecks.findings(of: goodFacts()) == []) }

    @Test("each mistake is found", arguments: mistakes)
    func found(_ mistake: Mistake) {
        var facts = goodFacts()
        mistake.change(&facts)
        let findings = ImageChecks.findings(of: facts)
        #expect(findings.contains { $0.name == mistake.check && $0.cause.contains(mistake.word) }, "\(findings)")
    }

    @Test("every check is shown to find something, apart from the one of the machine")
    func complete() {
        let shown = Set(Self.mistakes.map(\.check)).union(["initrd-local"])
        #expect(shown == Set(ImageChecks.all.map(\.name)))
        #expect(ImageChecks.all.count == Set(ImageChecks.all.map(\.name)).count)
        for check in ImageChecks.all {
            #expect(check.remedy.hasSuffix(".") && !check.finds.hasSuffix("."), "\(check.name)")
        }
    }

    @Test("what is also right is not found")
    func alternatives() {
        var facts = goodFacts()
        facts.initrd = initrd(
            without: "usr/lib/systemd/system/lifeboot-init.service", with: "usr/lib/dracut/hooks/mount/20-mount-root.sh"
        )
        facts.layout = .read(path: "x", writable: ["etc", "srv"], needed: ["srv/data"])
        facts.fstab = "# a comment\ntmpfs /tmp tmpfs defaults 0 0\n"
        facts.kernelArguments = ["lifeboot.disable=0", "init=/usr/lib/systemd/systemd"]
        #expect(ImageChecks.findings(of: facts) == [])
        facts.fstab = ""
        facts.tree.add(.link("var/home"), at: "home")
        facts.tree.add(.link("/run/tmp"), at: "tmp")
        #expect(ImageChecks.findings(of: facts) == [])
        guard case .read(var content) = minimalInitrd() else { return }
        content.texts = [:]
        facts.initrd = .read(content)
        #expect(ImageChecks.findings(of: facts) == [])
    }

    @Test("on the machine the initramfs must boot what the machine signs, and the maker's key is not asked")
    func machine() {
        var facts = goodFacts()
        facts.purpose = .deploying
        facts.initrdKeys = []
        #expect(ImageChecks.findings(of: facts) == [])
        facts.initrd = initrd(without: "usr/lib/lifeboot/allow-local-images")
        #expect(ImageChecks.findings(of: facts).map(\.name) == ["initrd-local"])
        facts.initrd = .notLooked
        facts.kernel = nil
        #expect(ImageChecks.findings(of: facts) == [])
    }

    @Test("errors refuse, warnings are said, and what is allowed is said when it was an error")
    func verdict() throws {
        var facts = goodFacts()
        facts.remove(Self.unit)
        facts.initrd = .unreadable("why")
        facts.kernelArguments = ["lifeboot.disable"]
        let findings = ImageChecks.findings(of: facts)
        let strict = ImageVerdict(findings, allowing: [])
        #expect(strict.errors.map(\.name) == ["kernel-arguments", "mark-good"])
        #expect(strict.warnings.map(\.name) == ["initrd-unread"])
        let refusal = try #require(strict.refusal)
        #expect(refusal.cause.contains("'lifeboot.disable'") && refusal.cause.contains("(mark-good)"))
        #expect(refusal.remedy.hasSuffix("Or accept them with --allow kernel-arguments --allow mark-good."))
        let lenient = ImageVerdict(findings, allowing: ["kernel-arguments", "mark-good", "initrd-unread"])
        #expect(lenient.errors == [] && lenient.refusal == nil)
        #expect(lenient.warnings.map(\.name) == ["kernel-arguments", "mark-good"])
    }
}
