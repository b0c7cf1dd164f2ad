package import DocumentTree

/// The names of stages that this program or its units run.
///
/// Any other name is run by whoever knows it, with `lifeboot stage run NAME`.
package enum StageNames {
    /// Stages of a boot, in the order in which they run.
    package static let boot = ["pre-rootfs", "rootfs", "initramfs", "fs", "boot", "network", "reconcile"]

    /// The first stage of a boot in which the network is there.
    package static let network = "network"

    /// Stages around operations.
    package static let operations: [String] = ["install", "upgrade", "reset"].flatMap {
        ["before-\($0)", "after-\($0)-chroot", "after-\($0)", "post-\($0)"]
    }

    /// Whether a stage runs when there is no network yet; stages of others are run by somebody who knows.
    package static func comesBeforeNetwork(_ stage: String) -> Bool {
        boot.prefix { $0 != network }.contains(stage)
    }

    /// Whether a stage runs in the initramfs, where the disks of the system are not all in use yet.
    package static func comesBeforeFilesystems(_ stage: String) -> Bool { boot.prefix { $0 != "fs" }.contains(stage) }

    /// Whether a stage is one of a boot in which the network is there.
    package static func hasNetwork(_ stage: String) -> Bool { boot.contains(stage) && !comesBeforeNetwork(stage) }

    /// The stages that come before one of a boot and may have steps that were missed, when a file comes during it.
    package static func missed(before stage: String) -> [String] {
        guard let end = boot.firstIndex(of: stage) else { return [] }
        return boot[..<end].filter { ["initramfs", "fs", "boot", "network"].contains($0) }
    }

    /// The three stages that one of a name consists of, in order.
    package static func parts(of name: String) -> [String] { ["\(name).before", name, "\(name).after"] }

    private static let known = (boot + operations).flatMap(parts)

    /// What is to be said of a name that a file uses; nil when all is well.
    package static func remark(on name: String) -> String? {
        if known.contains(name) { return nil }
        if name.hasPrefix("kairos-") { return "the stage '\(name)' belongs to Kairos' agent; it is not run here" }
        guard let near = near(name) else { return nil }
        return "the stage '\(name)' is none that is run here; did you mean '\(near)'?"
    }

    /// Whether the remark is about a slip, and not about another program's stage.
    package static func isSlip(_ name: String) -> Bool {
        !known.contains(name) && !name.hasPrefix("kairos-") && near(name) != nil
    }

    /// The known name that is nearest: one slip, or the same words in another order.
    private static func near(_ name: String) -> String? {
        let words = Set(name.split(separator: "-"))
        return known.first { Set($0.split(separator: "-")) == words } ?? known.nearest(to: name)
    }
}

/// Keys at the top of a file that belong to others.
package enum ForeignKeys {
    private static let kairos: Set<String> = [
        "install", "k3s", "k3s-agent", "k3s_agent", "k0s", "k0s-worker", "bundles", "p2p", "kcrypt", "config_url",
        "cloud-init-paths", "fail_on_bundles_errors", "bind-pcrs", "bind-public-pcrs", "cosign", "cosign-key", "env",
        "grub_options", "kairos", "kubevip", "logs", "no-users", "registry", "reset", "strict", "upgrade", "verify",
        "vpn", "debug", "repositories", "network_token", "edgevpn", "arch", "bundle",
    ]
    private static let others: [String: String] = [
        "c3os": "c3os", "stylus": "Spectro Cloud's agent", "cluster": "a Kairos provider", "rancherd": "rancherd",
        "os": "Harvester's installer", "token": "Harvester's installer", "rancheros": "rancheros' installer",
    ]
    /// Keys of cloud-init whose work is not done here.
    private static let cloudInit: Set<String> = [
        "ansible", "apk_repos", "apt", "apt_pipelining", "autoinstall", "byobu_by_default", "chef",
        "cloud_config_modules",
        "cloud_final_modules", "cloud_init_modules", "datasource_list", "device_aliases", "disk_setup", "drivers",
        "fan", "fs_setup", "landscape", "launch-index", "lxd", "manage_resolv_conf", "manual_cache_clean",
        "mcollective",
        "merge_how", "merge_type", "no_ssh_fingerprints", "output", "phone_home", "puppet", "raspberry_pi",
        "random_seed",
        "reporting", "resolv_conf", "rh_subscription", "rsyslog", "salt_minion", "snap", "spacewalk", "ssh",
        "ssh_fp_console_blacklist", "ssh_genkeytypes", "ssh_keys", "ssh_publish_hostkeys", "ssh_quiet_keygen",
        "system_info", "ubuntu_advantage", "ubuntu_pro", "updates", "vendor_data", "wireguard", "yum_repo_dir",
        "yum_repos", "zypper",
    ]

    /// What is to be said of a key that no table has.
    package static func remark(on pair: DocumentPair, known: [String]) -> String {
        let key = pair.key
        if kairos.contains(key) { return "'\(key)' is for Kairos' agent; it is not used here" }
        if let owner = others[key] { return "'\(key)' is for \(owner); it is not used here" }
        if cloudInit.contains(key) { return "'\(key)' of cloud-init is not done here" }
        if let near = known.nearest(to: key) {
            return "'\(key)' is not known, and not used here; did you mean '\(near)'?"
        }
        return "'\(key)' is for another program; it is not used here"
    }
}
