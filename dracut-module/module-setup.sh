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

# called by dracut: 0 include, 255 only when asked for, 1 impossible
check() {
    require_binaries "$agent" e2fsck || return 1
    return 255
}

# called by dracut
depends() {
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
}

# called by dracut
install() {
    inst_simple "$agent"
    inst_multiple e2fsck modprobe
    install_keys
    install_local_images_mark
    install_seal
    if dracut_module_included systemd-initrd; then
        install_units
    else
        inst_hook cmdline 20 "$moddir/root-argument.sh"
        inst_hook mount 20 "$moddir/mount-root.sh"
    fi
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
