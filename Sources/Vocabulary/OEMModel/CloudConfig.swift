package import DocumentTree
import JSONText

/// What a `#cloud-config` says besides `stages`: the keys of cloud-init that are understood.
///
/// The source is cloud-init's own schema and modules (`cloudinit/config/cc_*.py`).
package struct CloudConfig: Sendable {
    /// A list of which each element is read by itself: a wrong one does not take the others with it.
    typealias Apart<Element> = [Result<Element, DocumentError>]

    /// Where each key stands.
    var marks: [String: DocumentMark] = [:]

    var users: Apart<CloudUser> = []
    var groups: [GroupDirective] = []
    var defaultUser: UserDirective?
    var authorizedKeys: [String] = []
    var importedKeys: [String] = []
    var passwords: Apart<PasswordDirective> = []
    var password: Placed<String>?
    var passwordsExpire = true
    var allowsPasswordLogin: Bool?
    var disablesRoot: Bool?

    var files: Apart<FileDirective> = []
    var mounts: [MountLine] = []
    var swap: SwapKeys?
    var grownDevices: [String] = []
    var certificates: [Placed<String>] = []
    var dropsStandardCertificates = false

    var hostname: Placed<String>?
    var fullName: Placed<String>?
    var prefersFullName = false
    var keepsHostname = false
    var managesHosts = false
    var timezone: Placed<String>?
    var locale: Placed<String>?
    var timeServers: [String] = []
    var usesTimeServers = true
    var keyboard: KeyboardKeys?

    var bootScript: ScriptKey?
    var runScript: ScriptKey?
    var packageNames: Apart<[String]> = []
    var packages = PackagesDirective()
    var rebootsAfterPackages = false
    var power: PowerDirective?
    var finalMessage: Placed<String>?

    /// Every key of cloud-init that is understood.
    package static let table = DocumentTable<CloudConfig>(
        "a #cloud-config", emptyIsAbsent: true, accountKeys + fileKeys + machineKeys + programKeys)

    private static let fileKeys: [DocumentKey<CloudConfig>] = [
        DocumentKey(
            "write_files", .apart(.cloudFile, "a file"), default: [],
            "Files to be written: stage `boot`, and with `defer` stage `network`, after packages."
        ) { $0.files = $1 },
        DocumentKey("mounts", .mountLines, default: [], "Lines of `/etc/fstab`, up to six fields each.") {
            $0.mounts = $1
        },
        DocumentKey("mount_default_fields", .anything, "Taken; the usual defaults count.") { _, _ in },
        DocumentKey("swap", .table(SwapKeys.table, from: SwapKeys()), "A swap file.") { $0.swap = $1 },
        DocumentKey("growpart", .growth, "Partitions that are made as large as their disk; stage `boot`.") {
            $0.grownDevices = $1
        },
        DocumentKey(
            "resize_rootfs", .anything,
            "Taken, and without effect: the root is an image, and `persistent` grows by itself."
        ) { _, _ in },
        DocumentKey("ca_certs", certificateKeys, "Certificates of authorities; stage `boot`."),
        DocumentKey("ca-certs", certificateKeys, "The same as `ca_certs`."),
    ]

    private static let certificateKeys: [DocumentKey<CloudConfig>] = [
        DocumentKey("trusted", .list(of: DocumentValue.words.placed, "a certificate"), "Certificates, in PEM.") {
            $0.certificates = $1
        },
        DocumentKey("remove_defaults", .anyTruth, default: false, "Whether the usual ones do not count.") {
            $0.dropsStandardCertificates = $1
        },
        DocumentKey("remove-defaults", .anyTruth, default: false, "The same as `remove_defaults`.") {
            $0.dropsStandardCertificates = $1
        },
    ]

    private static let machineKeys: [DocumentKey<CloudConfig>] = [
        DocumentKey("hostname", DocumentValue.line.placed, "The machine's name; stage `initramfs`; a template.") {
            $0.hostname = $1
        },
        DocumentKey("fqdn", DocumentValue.line.placed, "The machine's full name.") { $0.fullName = $1 },
        DocumentKey("prefer_fqdn_over_hostname", .anyTruth, default: false, "Whether the full name is the hostname.") {
            $0.prefersFullName = $1
        },
        DocumentKey("preserve_hostname", .anyTruth, default: false, "Whether the hostname stays as it is.") {
            $0.keepsHostname = $1
        },
        DocumentKey("create_hostname_file", .anyTruth, "Taken; `/etc/hostname` is always written.") { _, _ in },
        DocumentKey(
            "manage_etc_hosts", .hostsRule, default: false,
            "Whether the names of the machine are put into `/etc/hosts`."
        ) { $0.managesHosts = $1 },
        DocumentKey("timezone", DocumentValue.zone.placed, "The time zone, such as `Europe/Prague`; stage `boot`.") {
            $0.timezone = $1
        },
        DocumentKey("locale", .locale, "The language, such as `de_DE.UTF-8`; stage `boot`.") { $0.locale = $1 },
        DocumentKey("locale_configfile", .target, "Taken; the system's own file is written.") { _, _ in },
        DocumentKey("ntp", ntpKeys, "Servers of the time; stage `boot`."),
        DocumentKey("keyboard", .table(KeyboardKeys.table, from: KeyboardKeys()), "The keyboard; stage `boot`.") {
            $0.keyboard = $1
        },
    ]

    private static let ntpKeys: [DocumentKey<CloudConfig>] = [
        DocumentKey("enabled", .anyTruth, default: true, "Whether the rest counts.") { $0.usesTimeServers = $1 },
        DocumentKey("servers", .texts, default: [], "Servers.") { $0.timeServers += $1 },
        DocumentKey("pools", .texts, default: [], "Names that stand for many servers.") { $0.timeServers += $1 },
        DocumentKey("peers", .texts, default: [], "Taken as servers.") { $0.timeServers += $1 },
        DocumentKey("allow", .texts, "Taken, and without effect: systemd-timesyncd serves nobody.") { _, _ in },
        DocumentKey("ntp_client", .line, "Taken; systemd-timesyncd is set up.") { _, _ in },
        DocumentKey("config", .anything, "Taken, and without effect: it belongs to other programs.") { _, _ in },
    ]

    private static let programKeys: [DocumentKey<CloudConfig>] = [
        DocumentKey("bootcmd", .script, "Commands at the head of stage `boot`, run as one script.") {
            $0.bootScript = $1
        },
        DocumentKey("runcmd", .script, "Commands of stage `network`, after packages, run as one script at every boot.")
        {
            $0.runScript = $1
        },
        DocumentKey("packages", .packageNames, default: [], "Packages of the distribution; stage `network`.") {
            $0.packageNames = $1
        },
        DocumentKey("package_update", .anyTruth, default: false, "Whether the lists are fetched first.") {
            $0.packages.refreshes = $1
        },
        DocumentKey("package_upgrade", .anyTruth, default: false, "Whether all packages are brought up to date.") {
            $0.packages.upgrades = $1
        },
        DocumentKey(
            "package_reboot_if_required", .anyTruth, default: false,
            "Taken, and without effect: packages are gone after a restart."
        ) { $0.rebootsAfterPackages = $1 },
        DocumentKey("power_state", .power, "What becomes of the machine at the end of stage `network`.") {
            $0.power = $1
        },
        DocumentKey("final_message", DocumentValue.words.placed, "A text for the console at the end.") {
            $0.finalMessage = $1
        },
    ]
}
