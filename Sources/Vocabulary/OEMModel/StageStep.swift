package import DocumentTree

/// One step of a stage: when it runs, and what it does.
package struct StageStep: Equatable, Sendable {
    /// Its name; nil when it has none.
    package var name: String?
    /// Where it begins.
    package var mark = DocumentMark(line: 1, column: 1)
    /// Its place among the steps of its stage in its file, from 0.
    package var index = 0
    /// When it runs.
    package var conditions = StepConditions()
    /// Names of the steps that must come before it.
    package var after: [String] = []
    /// Whether it runs at one boot only, of those at which it did not fail.
    package var runsOnce = false
    /// Tells it from other steps by what it says, wherever it stands: sixteen hexadecimal digits.
    package var digest = ""

    /// What `/etc/resolv.conf` says.
    package var dns: DNSDirective?
    /// Files to be fetched.
    package var downloads: [DownloadDirective] = []
    /// A repository that is to be there.
    package var git: GitDirective?
    /// Lines of account files that are to be there.
    package var ensuredEntities: [EntityDirective] = []
    /// Folders to be made.
    package var directories: [DirectoryDirective] = []
    /// Files to be written.
    package var files: [FileDirective] = []
    /// Texts for a shell.
    package var commands: [Placed<String>] = []
    /// Lines of account files that are to be gone.
    package var deletedEntities: [EntityDirective] = []
    /// The machine's name; a template.
    package var hostname: Placed<String>?
    /// Settings of the kernel.
    package var sysctl: [DocumentMember<String>] = []
    /// Users that are to be there.
    package var users: [UserDirective] = []
    /// Keys that may log in.
    package var authorizedKeys: [AuthorizedKeysDirective] = []
    /// Modules of the kernel, with their parameters.
    package var modules: [Placed<String>] = []
    /// Settings of systemd-timesyncd.
    package var timesyncd: [DocumentMember<String>] = []
    /// What is done to units.
    package var systemctl: SystemctlDirective?
    /// Variables of an environment file; templates.
    package var environment: [DocumentMember<String>] = []
    /// The file for them.
    package var environmentFile: String?
    /// Settings of systemd-firstboot.
    package var firstboot: [DocumentMember<String>] = []
    /// Where the machine's own configuration is looked for.
    package var dataSource: DataSourceDirective?
    /// Changes of a disk's partitions.
    package var layout: LayoutDirective?
    /// Versions at which packages are kept.
    package var packagePins: [DocumentMember<String>] = []
    /// Packages of the distribution.
    package var packages: PackagesDirective?
    /// Container images that are unpacked.
    package var unpackedImages: [UnpackDirective] = []

    // What only `#cloud-config` can say.

    /// Groups that are to be there.
    package var groups: [GroupDirective] = []
    /// Passwords of users who are there already.
    package var passwords: [PasswordDirective] = []
    /// Units that are reloaded when they run.
    package var reloadedUnits: [String] = []
    /// The rest, in this order.
    package var cloud: [CloudDirective] = []

    /// Makes a step that does nothing.
    package init() {}

    /// What counts without `environment_file`.
    package static let standardEnvironmentFile = "/etc/environment"
}
