import KernelModules

/// Lines of the indexes of Debian 12's generic kernel (6.1.0-56-amd64) that a boot has to do with.
enum DebianIndexes {
    static let dependencies = """
        kernel/arch/x86/crypto/sha256-ssse3.ko:
        kernel/arch/x86/crypto/crc32c-intel.ko:
        kernel/crypto/crc32c_generic.ko:
        kernel/crypto/xts.ko:
        kernel/crypto/ecb.ko:
        kernel/fs/mbcache.ko:
        kernel/fs/jbd2/jbd2.ko:
        kernel/lib/crc16.ko:
        kernel/fs/ext4/ext4.ko: kernel/lib/crc16.ko kernel/fs/mbcache.ko kernel/fs/jbd2/jbd2.ko
        kernel/drivers/virtio/virtio.ko:
        kernel/drivers/virtio/virtio_ring.ko: kernel/drivers/virtio/virtio.ko
        kernel/drivers/virtio/virtio_pci_legacy_dev.ko:
        kernel/drivers/virtio/virtio_pci_modern_dev.ko:
        kernel/drivers/virtio/virtio_pci.ko: kernel/drivers/virtio/virtio_pci_legacy_dev.ko kernel/drivers/virtio/virtio_pci_modern_dev.ko kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
        kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
        kernel/block/t10-pi.ko: kernel/lib/crc-t10dif.ko
        kernel/lib/crc-t10dif.ko:
        kernel/drivers/scsi/scsi_mod.ko:
        kernel/drivers/scsi/sd_mod.ko: kernel/block/t10-pi.ko kernel/drivers/scsi/scsi_mod.ko kernel/lib/crc-t10dif.ko
        kernel/drivers/mmc/core/mmc_block.ko.xz:
        kernel/drivers/usb/storage/usb-storage.ko: kernel/drivers/scsi/scsi_mod.ko
        kernel/drivers/usb/storage/uas.ko: kernel/drivers/usb/storage/usb-storage.ko kernel/drivers/scsi/scsi_mod.ko
        """
    static let builtin = "kernel/fs/fuse/fuse.ko\nkernel/crypto/sha256_generic.ko\n"
    static let aliases = """
        # Aliases extracted from modules themselves.
        alias fs-ext4 ext4
        alias crypto-crc32c crc32c_intel
        alias crypto-crc32c crc32c_generic
        alias crypto-sha256 sha256_ssse3
        alias cpu:type:x86,ven*fam*mod*:feature:*0089* sha256_ssse3
        alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio_pci
        alias virtio:d00000002v* virtio_blk
        alias mmc:block mmc_block
        alias scsi:t-0x00* sd_mod
        alias usb:v*p*d*dc*dsc*dp*ic08isc06ip62in* uas
        alias usb:v*p*d*dc*dsc*dp*ic08isc06ip50in* usb_storage
        alias usb:v*p*d*dc*dsc*dp*ic08isc06ip62in* usb_storage
        """
    static let softDependencies = """
        softdep ext4 pre: crypto-crc32c
        softdep jbd2 pre: crypto-crc32c
        softdep xts pre: ecb
        softdep uas post: sd_mod nowhere
        softdep cifs gcm
        """

    static var index: ModuleIndex {
        var index = ModuleIndex()
        index.addDependencies(Array(dependencies.utf8))
        index.addBuiltin(Array(builtin.utf8))
        index.addLines(Array(aliases.utf8))
        index.addLines(Array(softDependencies.utf8))
        return index
    }

    static func resolver(_ configuration: String = "", words: [(String, String?)] = []) -> ModuleResolver {
        var settings = ModuleSettings()
        _ = settings.add(configuration: Array(configuration.utf8))
        for (name, value) in words { settings.add(word: name, value) }
        return ModuleResolver(index, settings)
    }
}
