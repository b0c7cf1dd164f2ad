/// A place where machines are made out of a disk, and what such a machine has.
package enum Cloud: String, CaseIterable, Sendable {
    /// Amazon EC2, the machines of its own hypervisor (Nitro).
    case aws
    /// Microsoft Azure, and Hyper-V.
    case azure
    /// Google Compute Engine.
    case gce
    /// OpenStack, Proxmox, libvirt and whatever else is QEMU with virtio.
    case openstack
    /// VMware.
    case vmware

    /// The clouds that take a format.
    package static func taking(_ format: DiskFormat) -> [Cloud] {
        switch format {
        case .raw: [.aws, .openstack]
        case .qcow2: [.openstack]
        case .vhd: [.azure]
        case .gce: [.gce]
        case .vmdk: [.aws, .vmware]
        }
    }

    /// Whether it shows what a serial line says, and nothing else.
    var hasSerialConsole: Bool { self != .vmware }

    /// Whether it asks for disks without swap: they are copied, and paid by what is written to them.
    var forbidsSwap: Bool { self == .azure || self == .gce }

    /// Kernel modules without which the root is not found, each group by the one that is enough.
    var disk: [[String]] {
        switch self {
        case .aws: [["nvme"]]
        case .azure: [["hv_vmbus"], ["hv_storvsc"]]
        case .gce: [["virtio_pci"], ["virtio_scsi"]]
        case .openstack: [["virtio_pci"], ["virtio_blk", "virtio_scsi"]]
        case .vmware: [["vmw_pvscsi", "mptspi"]]
        }
    }

    /// Kernel modules without which nobody reaches the machine.
    var network: [[String]] {
        switch self {
        case .aws: [["ena"]]
        case .azure: [["hv_netvsc"]]
        case .gce, .openstack: [["virtio_net"]]
        case .vmware: [["vmxnet3", "e1000"]]
        }
    }

    /// Kernel modules without which newer kinds of its machines do not start or are not reached.
    var newer: [[String]] {
        switch self {
        case .azure: [["nvme"], ["pci_hyperv"]]
        case .gce: [["nvme"], ["gve"]]
        case .aws, .openstack, .vmware: []
        }
    }

    /// Modules that are looked for in the root filesystem, because an initramfs need not have them.
    static let networkModules = Set(allCases.flatMap { ($0.network + $0.newer).joined() })
}
