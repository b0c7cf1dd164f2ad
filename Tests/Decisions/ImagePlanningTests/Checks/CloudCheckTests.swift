import Testing

@testable import ImagePlanning

/// An image that boots in every cloud.
private func goodFacts(_ change: (inout ImageFacts) -> Void = { _ in }) -> ImageFacts {
    var content = InitrdContent()
    for name in ["nvme", "hv_vmbus", "virtio_scsi", "vmw_pvscsi", "pci-hyperv"] {
        content.tree.add(.file(architecture: nil), at: "usr/lib/modules/6.1/kernel/drivers/\(name).ko.xz")
    }
    content.texts["usr/lib/modules/6.1/modules.builtin"] = Array(
        "kernel/drivers/virtio/virtio_pci.ko\nkernel/drivers/scsi/hv_storvsc.ko\nkernel/ena.ko\n".utf8)
    var tree = TreeIndex()
    for name in ["hv_netvsc.ko", "virtio_net.ko.zst", "gve.ko.xz", "vmxnet3.ko"] {
        tree.add(.file(architecture: nil), at: "usr/lib/modules/6.1/kernel/drivers/net/\(name)")
    }
    var facts = ImageFacts(.looking, tree: tree)
    facts.initrd = .read(content)
    facts.kernelArguments = ["quiet", "console=ttyS0,115200n8"]
    facts.fstab = "# /dev/sda2 none swap sw 0 0\n/dev/zram0 none swap defaults 0 0\n/dev/sda1 /srv ext4 defaults 0 0\n"
    change(&facts)
    return facts
}

extension ImageFacts {
    fileprivate mutating func removeModule(_ name: String) {
        var rest = TreeIndex()
        for (place, node) in tree.nodes where !place.contains("/\(name).ko") { rest.add(node, at: place) }
        tree = rest
        guard case .read(var content) = initrd else { return }
        var modules = TreeIndex()
        for (place, node) in content.tree.nodes where !place.contains("/\(name).ko") { modules.add(node, at: place) }
        content.tree = modules
        let lines = content.texts.mapValues { String(decoding: $0, as: UTF8.self).split(separator: "\n") }
        content.texts = lines.mapValues {
            Array($0.filter { !$0.contains("/\(name).ko") }.joined(separator: "\n").utf8)
        }
        initrd = .read(content)
    }
}

@Suite("Checks for clouds")
struct CloudCheckTests {
    private static func found(_ facts: ImageFacts, _ clouds: [Cloud] = Cloud.allCases) -> [ImageFinding] {
        CloudChecks.findings(of: facts, in: clouds, image: "the active image")
    }

    @Test("an image with all drivers, a serial console and no swap is found nothing about", arguments: Cloud.allCases)
    func good(cloud: Cloud) {
        #expect(Self.found(goodFacts(), [cloud]) == [])
    }

    @Test(
        "a driver that is not there is said of each cloud that needs it",
        arguments: [
            ("hv_storvsc", "cloud-disk", ["azure: of the active image, the initramfs lacks hv_storvsc"]),
            ("virtio_pci", "cloud-disk", ["gce, openstack: of the active image, the initramfs lacks virtio_pci"]),
            ("vmw_pvscsi", "cloud-disk", ["vmware: of the active image, the initramfs lacks vmw_pvscsi or mptspi"]),
            ("ena", "cloud-network", ["aws: of the active image, there is no ena"]),
            ("virtio_net", "cloud-network", ["gce, openstack: of the active image, there is no virtio_net"]),
            ("hv_netvsc", "cloud-network", ["azure: of the active image, there is no hv_netvsc"]),
            ("gve", "cloud-newer", ["gce: of the active image, there is no gve"]),
            ("pci-hyperv", "cloud-newer", ["azure: of the active image, there is no pci_hyperv"]),
        ])
    func drivers(module: String, check: String, causes: [String]) {
        let findings = Self.found(goodFacts { $0.removeModule(module) })
        #expect(findings.map(\.name) == [check], "\(findings)")
        for (finding, cause) in zip(findings, causes) {
            #expect(finding.cause.hasPrefix(cause), "\(finding)")
            #expect(finding.severity == (check == "cloud-newer" ? .warning : .error))
        }
    }

    @Test("the driver of a disk must be in the initramfs, that of a network may be in either")
    func place() {
        let facts = goodFacts {
            $0.removeModule("nvme")
            $0.tree.add(.file(architecture: nil), at: "usr/lib/modules/6.1/kernel/nvme.ko")
        }
        #expect(Self.found(facts, [.aws]).map(\.name) == ["cloud-disk"])
        #expect(Self.found(facts, [.gce]) == [], "newer machines find nvme in the root filesystem")
    }

    @Test("one of two drivers is enough")
    func either() {
        #expect(Self.found(goodFacts { $0.removeModule("virtio_scsi") }, [.openstack]).map(\.name) == ["cloud-disk"])
        let facts = goodFacts {
            $0.removeModule("virtio_scsi")
            guard case .read(var content) = $0.initrd else { return }
            content.tree.add(.file(architecture: nil), at: "usr/lib/modules/6.1/virtio_blk.ko")
            $0.initrd = .read(content)
        }
        #expect(Self.found(facts, [.openstack]) == [] && Self.found(facts, [.gce]).map(\.name) == ["cloud-disk"])
    }

    @Test("what is not known is said as such, and never that something is missing")
    func unknown() {
        for initrd in [InitrdFinding.unreadable("x"), .damaged("x"), .notLooked, .read(InitrdContent())] {
            let findings = Self.found(goodFacts { $0.initrd = initrd })
            #expect(findings.map(\.name) == ["cloud-drivers"] && findings[0].severity == .warning)
            #expect(findings[0].cause.hasPrefix("aws, azure, gce, openstack, vmware: "))
        }
    }

    @Test(
        "a serial console is asked for where it is all that is shown",
        arguments: [
            (["console=ttyS0"], 0), (["console=ttyAMA0"], 0), (["console=tty0", "console=ttyS0,9600"], 0), ([], 1),
            (["console=tty0"], 1), (["console=ttyS01"], 1), (["xconsole=ttyS0"], 1),
        ] as [([String], Int)])
    func console(arguments: [String], count: Int) {
        let findings = Self.found(goodFacts { $0.kernelArguments = arguments })
        #expect(findings.map(\.name) == [String](repeating: "cloud-console", count: count))
        #expect(findings.allSatisfy { $0.cause.hasPrefix("aws, azure, gce, openstack: ") && $0.severity == .warning })
    }

    @Test("swap on the disk is said for the clouds that ask for none")
    func swap() throws {
        let facts = goodFacts {
            $0.fstab += "UUID=1\tnone\tswap\tsw 0 0\n"
            $0.tree.add(.link("../a.swap"), at: "etc/systemd/system/swap.target.wants/a.swap")
            $0.tree.add(.link("../a.swap"), at: "etc/systemd/system/swap.target.wants/dev-zram0.swap")
        }
        let findings = Self.found(facts)
        #expect(findings.map(\.name) == ["cloud-swap", "cloud-swap"])
        #expect(findings[0].cause.hasPrefix("azure, gce: of the active image, /etc/fstab: 'UUID=1 none swap sw 0 0'"))
        #expect(findings[1].cause.contains("/etc/systemd/system/swap.target.wants/a.swap is swap"))
        let extra = [try ExtraPartition("a=1G,none,0657fd6d-a4ab-43c4-84e5-0933c84b4f4f"), try ExtraPartition("b=1G")]
        #expect(CloudChecks.findings(of: extra, in: [.gce]).map(\.cause) == ["gce: the partition 'a' is for swap"])
        #expect(CloudChecks.findings(of: extra, in: [.aws]) == [])
    }

    @Test("an index of a root filesystem has the modules that are asked for, and no others")
    func indexed() {
        #expect(RootfsRules.isIndexedFile("usr/lib/modules/6.1/kernel/drivers/net/hyperv/hv_netvsc.ko.xz"))
        #expect(RootfsRules.isIndexedFile("lib/modules/6.1/kernel/drivers/pci/controller/pci-hyperv.ko"))
        #expect(!RootfsRules.isIndexedFile("usr/lib/modules/6.1/kernel/drivers/net/tun.ko"))
        #expect(!RootfsRules.isIndexedFile("srv/a/b/hv_netvsc.ko.xz"))
    }

    @Test("each format has clouds that take it, and each cloud a format")
    func formats() {
        #expect(DiskFormat.allCases.allSatisfy { !Cloud.taking($0).isEmpty })
        #expect(Set(DiskFormat.allCases.flatMap { Cloud.taking($0) }) == Set(Cloud.allCases))
    }
}
