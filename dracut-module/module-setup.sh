#!/bin/bash
# The dracut module "lifeboot": puts lifeboot-init and what it uses into an initramfs. README.md says what runs when.
#
# dracut sources this file, so these are its variables, not ours:
# shellcheck disable=SC2154

agent=/usr/lib/lifeboot/lifeboot-init

# Is systemd the initramfs' init? Asked before dracut has settled the list of modules, hence not by
# dracut_module_included.
systemd_wanted() {
    [[ " $omit_dracutmodules " != *\ systemd\ * && " $omit_dracutmodules " != *\ systemd-initrd\ * ]] &&
        [[ -x $dracutsysrootdir$systemdutildir/systemd ]]
}

# Is the agent to be the first process, alone, instead of a guest in dracut's own initramfs? Set in dracut.conf.d.
is_minimal() {
    [[ ${lifeboot_initramfs:-full} == minimal ]]
}

# called by dracut: 0 include, 255 only when asked for, 1 impossible
check() {
    require_binaries "$agent" e2fsck || return 1
    return 255
}

# called by dracut
depends() {
    if is_minimal; then return 0; fi
    echo base udev-rules
    if systemd_wanted; then echo systemd-initrd; fi
}

# called by dracut: the kernel modules that every boot needs; disk drivers are the configuration's business
installkernel() {
    hostonly='' instmods loop dm_mod dm_verity squashfs overlay ext4 crc32c vfat nls_ascii nls_cp437 nls_utf8
    # dm-verity asks the crypto API for sha256 by name, which no module dependency tells.
    hostonly='' instmods -o sha256_generic sha256_ssse3 crc32c_generic crc32c_intel
    # An encrypted persistent partition. The ciphers are asked for by name, so no dependency tells; libcryptsetup opens
    # the key slots by the kernel's crypto API (af_alg).
    hostonly='' instmods -o dm_crypt af_alg algif_skcipher algif_hash xts ecb cbc essiv aes_generic aesni_intel \
        sha512_generic sha512_ssse3
    # Armed before the root is looked for. softdog is loaded only when the user asks for it.
    hostonly='' instmods -o i6300esb iTCO_wdt sp5100_tco softdog
    [[ ${lifeboot_live:-no} != yes ]] || install_live_drivers
    if is_minimal; then
        install_drivers
        unpack_modules
    fi
}

# What a medium of a live boot may be and hang on: a disc, a stick, a card, or memory that the firmware has filled over HTTP.
install_live_drivers() {
    hostonly='' instmods -o isofs exfat nls_iso8859-1 cdrom sr_mod sd_mod xhci_pci ehci_pci uhci_hcd ohci_pci usb_storage uas \
        sdhci_pci sdhci_acpi mmc_block nfit libnvdimm nd_pmem nd_btt
}

# The controllers of the machines that this initramfs is for: there is no udev, and no other module, to bring them. What
# the kernel does not have is built in, or not for this architecture; add_drivers adds to it, and stops at such a name.
install_drivers() {
    local virtual=(virtio_pci virtio_mmio virtio_blk virtio_scsi sd_mod sr_mod nvme ahci ata_piix ata_generic
        hv_vmbus hv_storvsc hyperv_keyboard xen-blkfront xen-scsifront vmw_pvscsi mptspi mptsas)
    local generic=(xhci_pci ehci_pci uhci_hcd ohci_pci usb_storage uas sdhci_pci sdhci_acpi sdhci_pltfm mmc_block
        usbhid hid_generic atkbd i8042 vmd megaraid_sas mpt3sas smartpqi hpsa aacraid mvsas isci ufshcd_pci)
    local all=('=drivers/ata' '=drivers/nvme' '=drivers/mmc' '=drivers/scsi' '=drivers/usb/storage' '=drivers/usb/host'
        '=drivers/hv' '=drivers/ufs' '=drivers/message')
    case ${lifeboot_drivers:-generic} in
    virtual) hostonly='' instmods -o "${virtual[@]}" ;;
    generic) hostonly='' instmods -o "${virtual[@]}" "${generic[@]}" ;;
    all) hostonly='' instmods -o "${virtual[@]}" "${generic[@]}" "${all[@]}" ;;
    *)
        dfatal "lifeboot_drivers=$lifeboot_drivers is not known. Say virtual, generic or all."
        exit 1
        ;;
    esac
}

# Not every kernel can unpack its modules, and the whole is smaller when it is compressed once.
unpack_modules() {
    local file
    while IFS= read -r -d '' file; do
        # /lib may be a link to /usr/lib: then each is listed twice.
        [[ -e $file ]] || continue
        case $file in
        *.xz) xz -d -- "$file" ;;
        *.zst) zstd -q -d --rm -- "$file" ;;
        *.gz) gzip -d -- "$file" ;;
        esac || {
            dfatal "Unpacking $file failed. Install xz-utils, zstd and gzip."
            exit 1
        }
    done < <(find "$initdir/lib/modules/" "$initdir/usr/lib/modules/" -name '*.ko.*' -type f -print0 2>/dev/null)
}

# called by dracut
install() {
    inst_simple "$agent"
    install_keys
    install_local_images_mark
    if is_minimal; then
        install_alone
        return
    fi
    inst_multiple e2fsck modprobe
    install_seal
    if dracut_module_included systemd-initrd; then
        install_units
    else
        inst_hook cmdline 20 "$moddir/root-argument.sh"
        inst_hook mount 20 "$moddir/mount-root.sh"
    fi
}

# The agent as the first process, and as the loader that the kernel calls.
install_alone() {
    local other
    for other in base systemd udev-rules; do
        if dracut_module_included "$other"; then
            dfatal "lifeboot_initramfs=minimal stands alone, and dracut was asked for its module $other, too." \
                "Say dracutmodules=\" lifeboot \" in the configuration, or lifeboot_initramfs=full."
            exit 1
        fi
    done
    ln_r "$agent" /init
    ln_r "$agent" /sbin/modprobe
    # The agent asks for this mark: no installed system has it.
    printf 'ID=lifeboot\nNAME="lifeboot initramfs"\n' >"$initdir/etc/initrd-release"
    install_check
    install_module_settings
    if [[ -e $dracutsysrootdir/usr/lib/lifeboot/sealed ]]; then
        inst_simple "$dracutsysrootdir/usr/lib/lifeboot/sealed" /usr/lib/lifeboot/sealed
    elif [[ ${lifeboot_shell:-no} == yes ]]; then
        install_shell
    fi
}

# A static e2fsck spares its libraries.
install_check() {
    local static
    static=$(find_binary e2fsck.static) || static=
    if [[ $static ]]; then
        inst_simple "$dracutsysrootdir$static" /sbin/e2fsck
    else
        inst_multiple e2fsck
    fi
}

# What the owner of the machine says of modules (modprobe.d(5)).
install_module_settings() {
    local file
    for file in "$dracutsysrootdir"/{lib,usr/lib,etc}/modprobe.d/*.conf; do
        [[ -f $file ]] || continue
        case $file in
        "$dracutsysrootdir"/etc/*) inst_simple "$file" "/etc/modprobe.d/${file##*/}" ;;
        *) inst_simple "$file" "/usr/lib/modprobe.d/${file##*/}" ;;
        esac
    done
}

# A shell for rd.break, and for a failed boot that was chosen by hand.
#
# Where a kernel does not find what it looks for as first process it tries /sbin/init, /etc/init, /bin/init and /bin/sh. If it is
# unpacked in part only, an initramfs with one of these waits for somebody to type; without them the kernel restarts the machine.
install_shell() {
    local applet
    inst_multiple busybox || {
        dfatal "lifeboot_shell=yes needs busybox. Install busybox-static."
        exit 1
    }
    for applet in $("$dracutsysrootdir$(find_binary busybox)" --list); do
        [[ -e $initdir/bin/$applet || -e $initdir/sbin/$applet ]] && continue
        case $applet in
            init | linuxrc) ;;
            sh) ln -s ../bin/busybox "$initdir/usr/sbin/sh" ;;
            *) ln -s busybox "$initdir/usr/bin/$applet" ;;
        esac
    done
}

# The public keys that image signatures are checked against.
install_keys() {
    local key
    inst_dir /usr/lib/lifeboot/keys
    for key in "$dracutsysrootdir"/{usr/lib,etc}/lifeboot/keys/*.{pem,pub}; do
        [[ -f $key ]] || continue
        inst_simple "$key" "/usr/lib/lifeboot/keys/${key##*/}"
    done
}

# Images that the machine made out of container images may boot, unless the image says no (docs/decisions/0012).
install_local_images_mark() {
    if [[ ! -e $dracutsysrootdir/usr/lib/lifeboot/refuse-local-images ]]; then
        : >"$initdir/usr/lib/lifeboot/allow-local-images"
    fi
}

# Only what an image key has signed counts (docs/trust.md).
install_seal() {
    if [[ -e $dracutsysrootdir/usr/lib/lifeboot/sealed ]]; then
        inst_simple "$dracutsysrootdir/usr/lib/lifeboot/sealed" /usr/lib/lifeboot/sealed
        # Without conditions: on no command line does a sealed initramfs leave the boot to somebody else.
        inst_dir "$systemdsystemunitdir/lifeboot-init.service.d"
        printf '[Unit]\nConditionKernelCommandLine=\n' >"$initdir$systemdsystemunitdir/lifeboot-init.service.d/sealed.conf"
    fi
}

install_units() {
    inst_simple "$moddir/lifeboot-init.service" "$systemdsystemunitdir/lifeboot-init.service"
    $SYSTEMCTL -q --root "$initdir" add-requires initrd-root-fs.target lifeboot-init.service
    inst_dir /usr/lib/modules-load.d
    # One process loads these while udev is still starting, instead of one modprobe for each at its first use.
    printf '%s\n' loop dm_mod dm_verity squashfs overlay ext4 vfat >"$initdir/usr/lib/modules-load.d/lifeboot.conf"
    if dracut_module_included dracut-systemd; then
        # dracut refuses to boot without a root= argument that some module claims.
        inst_hook cmdline 20 "$moddir/root-argument.sh"
    else
        install_emergency
    fi
}

# What dracut-systemd would do with rd.emergency= and rd.shell=, in two units.
install_emergency() {
    inst_multiple sulogin
    inst_multiple -o "$systemdutildir/systemd-sulogin-shell"
    inst_simple "$systemdsystemunitdir/emergency.service"
    inst_simple "$systemdsystemunitdir/rescue.service"
    inst_simple "$moddir/lifeboot-emergency.conf" "$systemdsystemunitdir/emergency.service.d/lifeboot.conf"
    inst_simple "$moddir/lifeboot-emergency-reboot.service" \
        "$systemdsystemunitdir/lifeboot-emergency-reboot.service"
    $SYSTEMCTL -q --root "$initdir" add-wants emergency.target lifeboot-emergency-reboot.service
}
