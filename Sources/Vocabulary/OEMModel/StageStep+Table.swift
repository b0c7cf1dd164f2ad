package import DocumentTree
import JSONText

extension StageStep {
    /// Every key of a step.
    package static let table = DocumentTable<StageStep>(
        "a step", emptyIsAbsent: true, order + StepConditions.keys + files + machine + accounts + programs)

    private static let order: [DocumentKey<StageStep>] = [
        DocumentKey("name", .words, "Its name, for people and for `after`.") { $0.name = $1 },
        DocumentKey(
            "after", .list(of: .dependency, "a dependency"), default: [],
            "Steps that must come before it: `- name: NAME`, where the name is that of a step, or `<file's name>.<step's name>`."
        ) { $0.after = $1 },
        DocumentKey(
            "once", .anyTruth, default: false,
            "Whether it is left out at later boots once it succeeded; the persistent partition remembers it."
        ) { $0.runsOnce = $1 },
    ]

    private static let files: [DocumentKey<StageStep>] = [
        DocumentKey("directories", .list(of: .directory, "a directory"), default: [], "Folders to be made.") {
            $0.directories = $1
        },
        DocumentKey("files", .list(of: .file, "a file"), default: [], "Files to be written.") { $0.files = $1 },
        DocumentKey("downloads", .list(of: .download, "a download"), default: [], "Files to be fetched.") {
            $0.downloads = $1
        },
        DocumentKey("git", .table(GitDirective.table, from: GitDirective()), "A repository that is to be there.") {
            $0.git = $1
        },
        DocumentKey(
            "unpack_images", .list(of: .table(UnpackDirective.table, from: UnpackDirective()), "an image"), default: [],
            "Container images that are unpacked into folders."
        ) { $0.unpackedImages = $1 },
        DocumentKey(
            "environment", .mapping(.variables, of: .line), "Variables that are put into `environment_file`; templates."
        ) { $0.environment = $1 },
        DocumentKey(
            "environment_file", .target, default: "/etc/environment", "The file for `environment`."
        ) { $0.environmentFile = $1 },
    ]

    private static let machine: [DocumentKey<StageStep>] = [
        DocumentKey("hostname", DocumentValue.line.placed, "The machine's name; a template.") { $0.hostname = $1 },
        DocumentKey("dns", .table(DNSDirective.table, from: DNSDirective()), "What `/etc/resolv.conf` says.") {
            $0.dns = $1
        },
        DocumentKey("sysctl", .mapping(.settings, of: .line), "Settings of the kernel.") { $0.sysctl = $1 },
        DocumentKey(
            "modules", .list(of: DocumentValue.line.placed, "a module"), default: [],
            "Modules of the kernel, each with its parameters behind it."
        ) { $0.modules = $1 },
        DocumentKey("timesyncd", .mapping(.settings, of: .line), "Settings of systemd-timesyncd.") {
            $0.timesyncd = $1
        },
        DocumentKey("systemctl", .table(SystemctlDirective.table, from: SystemctlDirective()), "What is done to units.")
        {
            $0.systemctl = $1
        },
        DocumentKey(
            "systemd_firstboot", .mapping(.settings, of: .line),
            "Options of systemd-firstboot; `true` for one without a value."
        ) { $0.firstboot = $1 },
        DocumentKey("layout", .table(LayoutDirective.table, from: LayoutDirective()), "Changes of a disk's partitions.")
        {
            $0.layout = $1
        },
    ]

    private static let accounts: [DocumentKey<StageStep>] = [
        DocumentKey("users", .usersByName, "Users that are to be there.") { $0.users = $1 },
        DocumentKey("authorized_keys", .keysByUser, "Keys that may log in as a user.") { $0.authorizedKeys = $1 },
        DocumentKey(
            "ensure_entities", .list(of: .entity, "an entity"), default: [],
            "Lines of account files that are to be there."
        ) { $0.ensuredEntities = $1 },
        DocumentKey(
            "delete_entities", .list(of: .entity, "an entity"), default: [],
            "Lines of account files that are to be gone."
        ) { $0.deletedEntities = $1 },
    ]

    private static let programs: [DocumentKey<StageStep>] = [
        DocumentKey(
            "commands", .list(of: DocumentValue.words.placed, "a command"), default: [], "Texts for a shell; templates."
        ) { $0.commands = $1 },
        DocumentKey(
            "datasource", .table(DataSourceDirective.table, from: DataSourceDirective()),
            "Where the machine's own configuration is looked for."
        ) { $0.dataSource = $1 },
        DocumentKey(
            "packages", .table(PackagesDirective.table, from: PackagesDirective()), "Packages of the distribution."
        ) {
            $0.packages = $1
        },
        DocumentKey("package_pins", .mapping(.settings, of: .line), "Versions at which packages are kept.") {
            $0.packagePins = $1
        },
    ]
}

extension DocumentNames {
    /// Names of variables.
    fileprivate static let variables = DocumentNames("NAME", "a variable's name", without: "=")
    /// Names of settings.
    fileprivate static let settings = DocumentNames("name", "a setting's name", without: "=")
}

extension DocumentValue where Value == String {
    /// An element of `after`.
    fileprivate static var dependency: Self {
        let table = DocumentTable<String>(
            "a dependency", [DocumentKey("name", .line, required: true, "The step's name.") { $0 = $1 }])
        return .table(table, from: "")
    }
}
