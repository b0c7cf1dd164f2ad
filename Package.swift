// swift-tools-version: 6.2
import PackageDescription

/// The layers from the bottom up; each is a folder of `Sources` and of `Tests`.
///
/// RepositoryTests holds who may use whom.
enum Layer: String {
    case vocabulary = "Vocabulary"
    case decisions = "Decisions"
    case effects = "Effects"
    case engines = "Engines"
    case supply = "Supply"
    case operations = "Operations"
    case commands = "Commands"
    case programs = "Programs"
}

/// Language settings of every target; warnings are errors.
let language: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Settings of every product target: the strictest that Swift 6.3 offers.
let house = language + [.strictMemorySafety()]

/// The outside packages of modules.
let outside = [
    "SystemPackage": "swift-system", "ArgumentParser": "swift-argument-parser", "NIOCore": "swift-nio",
    "NIOHTTP1": "swift-nio", "NIOPosix": "swift-nio",
]

/// Targets by their names, and outside packages by the names of their modules.
func uses(_ names: String) -> [Target.Dependency] {
    names.split(separator: " ").map(String.init).map { name in
        outside[name].map { .product(name: name, package: $0) } ?? .byName(name: name)
    }
}

/// A C library of the system, found by pkg-config (static when PKG_CONFIG_PATH names our prefix).
func system(_ name: String, _ pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A library, with all that it imports, and its tests, with what they import besides.
func library(
    _ name: String, _ layer: Layer, _ imports: String, tests: String = "", exclude: [String] = []
) -> [Target] {
    [
        .target(
            name: name, dependencies: uses(imports), path: "Sources/\(layer.rawValue)/\(name)", swiftSettings: house),
        .testTarget(
            name: "\(name)Tests", dependencies: uses("\(name) \(imports) \(tests)"),
            path: "Tests/\(layer.rawValue)/\(name)Tests", exclude: exclude, swiftSettings: language),
    ]
}

/// An executable of one file over a library.
func program(_ name: String, _ imports: String) -> Target {
    .executableTarget(
        name: name, dependencies: uses(imports), path: "Sources/\(Layer.programs.rawValue)/\(name)",
        swiftSettings: house)
}

let package = Package(
    name: "lifeboot",
    products: [
        .executable(name: "lifeboot-init", targets: ["lifeboot-init"]),
        .executable(name: "lifeboot", targets: ["lifeboot"]),
        .executable(name: "boatyard", targets: ["boatyard"]),
        .executable(name: "manual-pages", targets: ["manual-pages"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [],
    swiftLanguageModes: [.v6]
)

package.targets = [
    system("CBlkid", "blkid", apt: "libblkid-dev"),
    system("CMount", "mount", apt: "libmount-dev"),
    system("CFdisk", "fdisk", apt: "libfdisk-dev"),
    system("CCryptsetup", "libcryptsetup", apt: "libcryptsetup-dev"),
    system("COpenSSL", "libcrypto", apt: "libssl-dev"),
    system("CYaml", "yaml-0.1", apt: "libyaml-dev"),
    system("CArchive", "libarchive", apt: "libarchive-dev"),
    system("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
    system("CSquashfs", "libsquashfs1", apt: "libsquashfs-dev"),
    system("CZstd", "libzstd", apt: "libzstd-dev"),
    system("CSolv", "libsolv", apt: "libsolv-dev"),
    .target(name: "CLinux", path: "Sources/C/CLinux"),
    .target(name: "CInitramfs", path: "Sources/C/CInitramfs"),
]

package.targets += [
    library("Faults", .vocabulary, ""),
    library("Plans", .vocabulary, "Faults JSONText"),
    library("JSONText", .vocabulary, ""),
    library("DocumentTree", .vocabulary, "Faults JSONText SystemPackage", tests: "YAMLDocuments"),
    library("DiskContract", .vocabulary, "ImageModel SystemPackage"),
    library("ImageModel", .vocabulary, "Faults JSONText SystemPackage", tests: "SeededNumbers"),
    library("Templates", .vocabulary, "JSONText ImageModel", tests: "SeededNumbers"),
    library("ShellConditions", .vocabulary, "", tests: "LinuxSystem SeededNumbers SystemPackage"),
    library(
        "OEMModel", .vocabulary,
        "JSONText DocumentTree ImageModel SystemPackage",
        tests: "LinuxSystem YAMLDocuments FieldCorpus"),
    library("NetworkModel", .vocabulary, ""),
    library(
        "InstanceData", .vocabulary,
        "JSONText DocumentTree ImageModel NetworkModel",
        tests: "LinuxSystem YAMLDocuments SeededNumbers"),
    library(
        "SystemLayout", .vocabulary,
        "JSONText DocumentTree DiskContract SystemPackage",
        tests: "YAMLDocuments SeededNumbers"),
    library(
        "GrubEnvironment", .vocabulary,
        "Faults DiskContract ImageModel",
        tests: "LinuxSystem SeededNumbers SystemPackage"),
    library("RegistryModel", .vocabulary, "Faults JSONText ImageModel SystemPackage", tests: "SeededNumbers"),
    library(
        "PackageModel", .vocabulary,
        "Faults JSONText ImageModel RegistryModel",
        tests: "LinuxSystem SeededNumbers"),
    library("TreeModel", .vocabulary, "Faults ImageModel", tests: "SeededNumbers TreeFixtures"),
    library(
        "SoftwareBills", .vocabulary,
        "Faults JSONText ImageModel",
        tests: "BillCheckers SeededNumbers"),
    library(
        "PackageSpecs", .vocabulary,
        "Faults JSONText DocumentTree ImageModel RegistryModel PackageModel SystemPackage",
        tests: "YAMLDocuments"),
    library("PackageSelection", .vocabulary, "DocumentTree PackageModel", tests: "SeededNumbers TestPackages"),
    library("WebMessages", .vocabulary, ""),
    library("KernelModules", .vocabulary, ""),
    library(
        "ReleaseModel", .vocabulary,
        "Faults JSONText DocumentTree ImageModel OEMModel SystemPackage",
        tests: "YAMLDocuments SeededNumbers"),
    library(
        "BootModel", .vocabulary,
        "Faults Plans JSONText DiskContract ImageModel SystemLayout GrubEnvironment KernelModules SystemPackage",
        tests: "OutputSchemas"),

    library(
        "BootPlanning", .decisions,
        "Faults Plans DiskContract ImageModel SystemLayout GrubEnvironment KernelModules BootModel "
            + "SystemPackage",
        tests: "JSONText", exclude: ["Golden"]),
    library("Accounts", .decisions, "Faults ImageModel", tests: "COpenSSL LinuxSystem SeededNumbers"),
    library(
        "OverlayPlanning", .decisions,
        "Faults Plans JSONText DocumentTree DiskContract ImageModel BootModel ImagePlanning "
            + "SystemPackage",
        tests: "OutputSchemas SystemLayout YAMLDocuments SeededNumbers"),
    library(
        "OEMPlanning", .decisions,
        "Faults Plans JSONText DocumentTree OEMModel SystemPackage",
        tests: "YAMLDocuments"),
    library(
        "ImagePlanning", .decisions, "Faults DiskContract ImageModel GrubEnvironment", tests: "MadeUpLoaders Snapshots",
        exclude: ["Snapshots"]),
    library(
        "PackageTrees", .decisions,
        "Faults JSONText ImageModel RegistryModel PackageModel TreeModel Accounts",
        tests: "LinuxSystem SeededNumbers SystemPackage TreeFixtures"),
    library(
        "BuildPlanning", .decisions,
        "Faults JSONText DocumentTree ImageModel RegistryModel PackageModel PackageSpecs "
            + "PackageSelection SystemPackage",
        tests: "LinuxSystem"),
    library(
        "RepositoryPlanning", .decisions,
        "Faults JSONText ImageModel RegistryModel PackageModel PackageSelection", tests: "TestPackages"),
    library("RegistryServing", .decisions, "JSONText ImageModel RegistryModel WebMessages"),
    library("TransferPlanning", .decisions, "ImageModel", tests: "SeededNumbers"),
    library(
        "TransactionPlanning", .decisions,
        "Faults Plans JSONText DocumentTree DiskContract ImageModel NetworkModel GrubEnvironment ReleaseModel BootModel "
            + "ImagePlanning SystemPackage",
        tests: "YAMLDocuments", exclude: ["Golden"]),
    library("RecoveryConsole", .decisions, "ImageModel ReleaseModel"),

    library(
        "ReportPlanning", .decisions, "Faults JSONText ImageModel SystemPackage", tests: "FieldCorpus OutputSchemas"),

    library("LinuxSystem", .effects, "CMount CLinux Faults SystemPackage", tests: "SeededNumbers"),
    library("Terminals", .effects, "CLinux LinuxSystem SystemPackage"),
    library("BlockDevices", .effects, "CBlkid Faults SystemLayout LinuxSystem SystemPackage"),
    library("NetworkInterfaces", .effects, "CLinux Faults NetworkModel LinuxSystem SystemPackage"),
    library("Verity", .effects, "CCryptsetup Faults ImageModel LinuxSystem Cryptography SystemPackage"),
    library("Cryptography", .effects, "COpenSSL Faults JSONText ImageModel LinuxSystem SystemPackage"),
    library("YAMLDocuments", .effects, "CYaml DocumentTree", tests: "SeededNumbers"),
    library(
        "Archives", .effects,
        "CArchive Faults ImageModel TreeModel LinuxSystem Cryptography SystemPackage",
        tests: "SeededNumbers TreeFixtures"),
    library("PartitionTables", .effects, "CFdisk Faults ImageModel LinuxSystem SystemPackage", tests: "SeededNumbers"),
    library("Encryption", .effects, "CCryptsetup Faults LinuxSystem SystemPackage"),
    library("Filesystems", .effects, "Faults LinuxSystem SystemPackage"),
    library("HTTPTransfer", .effects, "CCurl Faults ImageModel LinuxSystem SystemPackage", tests: "TestServers"),
    library(
        "Squashfs", .effects, "CSquashfs CZstd Faults ImageModel LinuxSystem Cryptography SystemPackage",
        tests: "SeededNumbers"),
    library(
        "PackageSolving", .effects,
        "CSolv Faults PackageModel PackageSelection",
        tests: "SeededNumbers TestPackages"),

    library(
        "ImageFolders", .engines,
        "Faults DiskContract ImageModel LinuxSystem Cryptography SystemPackage",
        tests: "GrubEnvironment BootModel InstalledSystem BootExecution TestMachines"),
    library(
        "InstalledSystem", .engines,
        "Faults JSONText DiskContract ImageModel SystemLayout GrubEnvironment BootModel "
            + "LinuxSystem BlockDevices Cryptography ImageFolders SystemPackage",
        tests: "ReleaseModel BootExecution Transactions AgentCommands TestMachines"),
    library(
        "DataSources", .engines,
        "Faults JSONText DocumentTree ImageModel OEMModel InstanceData LinuxSystem BlockDevices "
            + "YAMLDocuments Archives HTTPTransfer SystemPackage",
        tests: "TestServers"),
    library(
        "Overlays", .engines,
        "Faults Plans JSONText DocumentTree DiskContract ImageModel TreeModel OverlayPlanning "
            + "LinuxSystem BlockDevices Verity Cryptography YAMLDocuments Archives ImageFolders "
            + "SystemPackage",
        tests: "OutputSchemas"),
    library(
        "BootExecution", .engines,
        "Faults Plans JSONText DocumentTree DiskContract ImageModel SystemLayout GrubEnvironment "
            + "KernelModules BootModel BootPlanning LinuxSystem BlockDevices Verity YAMLDocuments Encryption "
            + "ImageFolders InstalledSystem SystemPackage",
        tests: "TestMachines"),
    library(
        "RegistryAccess", .engines,
        "Faults JSONText ImageModel RegistryModel LinuxSystem Cryptography HTTPTransfer "
            + "SystemPackage",
        tests: "TestServers"),
    library(
        "ImageFetching", .engines,
        "Faults ImageModel GrubEnvironment RegistryModel TransferPlanning LinuxSystem Verity "
            + "Cryptography Filesystems Squashfs ImageFolders SystemPackage",
        tests: "SeededNumbers"),
    library(
        "TreeFolders", .engines,
        "Faults ImageModel TreeModel PackageTrees LinuxSystem Cryptography Archives "
            + "SystemPackage",
        tests: "TreeFixtures"),
    library("ContainerBuilds", .engines, "Faults LinuxSystem SystemPackage"),
    library(
        "ImageAssembly", .engines,
        "Faults DocumentTree ImageModel OEMModel SystemLayout GrubEnvironment RegistryModel "
            + "TreeModel ImagePlanning LinuxSystem Verity Cryptography YAMLDocuments Archives "
            + "Filesystems Squashfs ImageFolders SystemPackage"),
    library(
        "LayoutServing", .engines,
        "Faults ImageModel RegistryModel WebMessages RegistryServing LinuxSystem Cryptography SystemPackage",
        tests: "TestServers"),
    library(
        "LayerFolders", .engines,
        "Faults DocumentTree ImageModel PackageSpecs LinuxSystem YAMLDocuments SystemPackage"),

    library(
        "ImageSources", .supply,
        "Faults Plans JSONText DocumentTree DiskContract ImageModel RegistryModel ReleaseModel "
            + "BootModel ImagePlanning TransferPlanning TransactionPlanning LinuxSystem Cryptography "
            + "YAMLDocuments ImageFolders InstalledSystem RegistryAccess ImageFetching ImageAssembly "
            + "SystemPackage",
        tests: "GrubEnvironment Transactions TestMachines TestServers"),

    library(
        "BootHealth", .operations,
        "Faults JSONText DiskContract ImageModel OEMModel GrubEnvironment ReleaseModel BootModel "
            + "TransactionPlanning LinuxSystem InstalledSystem BootExecution SystemPackage",
        tests: "OutputSchemas TestMachines"),
    library(
        "Transactions", .operations,
        "Faults Plans JSONText DocumentTree DiskContract ImageModel NetworkModel GrubEnvironment RegistryModel "
            + "ReleaseModel BootModel BootPlanning ImagePlanning TransactionPlanning LinuxSystem "
            + "BlockDevices NetworkInterfaces Cryptography YAMLDocuments PartitionTables Encryption Filesystems ImageFolders "
            + "InstalledSystem DataSources RegistryAccess ImageFetching ImageAssembly ImageSources BootHealth "
            + "SystemPackage",
        tests: "Verity MadeUpLoaders TestMachines TestServers"),
    library(
        "RecoverySession", .operations,
        "Faults JSONText DiskContract ImageModel GrubEnvironment ReleaseModel BootModel TransactionPlanning "
            + "RecoveryConsole LinuxSystem Terminals InstalledSystem BootHealth SystemPackage",
        tests: ""),
    library(
        "ImageBuilding", .operations,
        "Faults JSONText DocumentTree DiskContract ImageModel GrubEnvironment RegistryModel SoftwareBills "
            + "TreeModel ImagePlanning BuildPlanning TransferPlanning TransactionPlanning LinuxSystem Verity Cryptography YAMLDocuments Archives PartitionTables "
            + "Filesystems Squashfs ImageFolders RegistryAccess ImageFetching ImageAssembly SystemPackage",
        tests: "TestServers BillCheckers MadeUpLoaders"),
    library(
        "PackageRepositories", .operations,
        "Faults JSONText ImageModel RegistryModel PackageModel PackageSelection RepositoryPlanning "
            + "LinuxSystem Cryptography Archives PackageSolving RegistryAccess SystemPackage",
        tests: "HTTPTransfer SeededNumbers TestServers"),
    library(
        "PackageBuilding", .operations,
        "Faults JSONText DocumentTree ImageModel RegistryModel PackageModel TreeModel "
            + "SoftwareBills PackageSpecs PackageSelection OverlayPlanning ImagePlanning PackageTrees BuildPlanning "
            + "RepositoryPlanning LinuxSystem Cryptography Archives HTTPTransfer Squashfs PackageSolving "
            + "Overlays RegistryAccess TreeFolders ContainerBuilds ImageAssembly LayerFolders "
            + "PackageRepositories SystemPackage",
        tests: "TestPackages TestServers TreeFixtures"),
    library(
        "OEMExecution", .operations,
        "Faults Plans JSONText DocumentTree DiskContract ImageModel Templates ShellConditions "
            + "OEMModel InstanceData SystemLayout RegistryModel ReleaseModel BootModel BootPlanning "
            + "Accounts OverlayPlanning OEMPlanning ImagePlanning TransactionPlanning LinuxSystem "
            + "BlockDevices Cryptography YAMLDocuments Archives PartitionTables Filesystems "
            + "HTTPTransfer ImageFolders InstalledSystem DataSources Overlays BootExecution "
            + "RegistryAccess ImageAssembly ImageSources SystemPackage",
        tests: "OutputSchemas Snapshots TestServers FieldCorpus", exclude: ["Snapshots"]),
    library(
        "SupportReports", .operations,
        "Faults JSONText DiskContract ImageModel TreeModel ReportPlanning LinuxSystem Archives SystemPackage"),

    library(
        "CommandOutput", .commands,
        "Faults JSONText DocumentTree RegistryModel LinuxSystem Terminals ArgumentParser SystemPackage",
        tests: "ReleaseModel"),
    library(
        "AgentCommands", .commands,
        "Faults Plans JSONText DocumentTree DiskContract ImageModel OEMModel NetworkModel SystemLayout "
            + "GrubEnvironment RegistryModel ReleaseModel BootModel BootPlanning OverlayPlanning "
            + "OEMPlanning ImagePlanning TransactionPlanning ReportPlanning LinuxSystem Terminals BlockDevices Verity "
            + "Cryptography YAMLDocuments ImageFolders InstalledSystem Overlays BootExecution "
            + "RegistryAccess ImageSources BootHealth RecoverySession Transactions OEMExecution SupportReports CommandOutput "
            + "ArgumentParser SystemPackage",
        tests: "lifeboot OutputSchemas Snapshots TestMachines", exclude: ["Snapshots"]),
    library(
        "BuilderCommands", .commands,
        "Faults JSONText ImageModel RegistryModel PackageModel TreeModel SoftwareBills PackageSpecs "
            + "PackageSelection ReleaseModel ImagePlanning PackageTrees BuildPlanning "
            + "RepositoryPlanning TransferPlanning TransactionPlanning LinuxSystem Cryptography PackageSolving "
            + "ImageFolders RegistryAccess ContainerBuilds ImageAssembly LayerFolders ImageSources ImageBuilding "
            + "PackageRepositories PackageBuilding CommandOutput ArgumentParser SystemPackage",
        tests: "OutputSchemas Snapshots SeededNumbers TestServers BillCheckers TestPackages", exclude: ["Snapshots"]),
    library(
        "ManualPages", .commands,
        "JSONText DocumentTree PackageSpecs TransactionPlanning LinuxSystem CommandOutput ArgumentParser SystemPackage",
        tests: "AgentCommands BuilderCommands TestServers"),
].flatMap(\.self)

package.targets += [
    program("lifeboot-init", "CInitramfs BootExecution LinuxSystem"),
    program("lifeboot", "AgentCommands"),

    // For tests alone.
    .target(
        name: "TestServers", dependencies: uses("LinuxSystem SystemPackage"), path: "Tests/Support/TestServers",
        exclude: ["scripted-server.py", "keeper.py", "counting-proxy.py"], swiftSettings: language),
    .target(
        name: "TestMachines",
        dependencies: uses(
            "DiskContract ImageModel GrubEnvironment BootModel JSONText LinuxSystem InstalledSystem BootHealth SystemPackage"
        ),
        path: "Tests/Support/TestMachines", swiftSettings: language),
    .target(
        name: "FuzzTargets",
        dependencies: uses(
            "JSONText DocumentTree ImageModel Templates ShellConditions OEMModel InstanceData SystemLayout "
                + "GrubEnvironment RegistryModel PackageModel SoftwareBills PackageSpecs ReleaseModel BootModel OverlayPlanning "
                + "RepositoryPlanning OEMPlanning ImagePlanning TransactionPlanning LinuxSystem Cryptography YAMLDocuments Archives "
                + "HTTPTransfer ImageAssembly SystemPackage"),
        path: "Tests/Fuzzing/FuzzTargets", swiftSettings: language),
    .testTarget(
        name: "FuzzTargetsTests", dependencies: uses("FuzzTargets"), path: "Tests/Fuzzing/FuzzTargetsTests",
        swiftSettings: language),
    .target(
        name: "FleetModel", dependencies: uses("JSONText ImageModel ReleaseModel"), path: "Tests/Fleet/FleetModel",
        swiftSettings: language),
    .testTarget(
        name: "FleetModelTests",
        dependencies: uses(
            "FleetModel ImageModel RegistryModel ReleaseModel Cryptography RegistryAccess ImageSources SystemPackage"),
        path: "Tests/Fleet/FleetModelTests", swiftSettings: language),
    .target(
        name: "TreeFixtures", dependencies: uses("ImageModel TreeModel LinuxSystem SystemPackage"),
        path: "Tests/Support/TreeFixtures", swiftSettings: language),
    .target(
        name: "BillCheckers", dependencies: uses("LinuxSystem"), path: "Tests/Support/BillCheckers",
        swiftSettings: language),
    .target(name: "FieldCorpus", path: "Tests/Support/FieldCorpus", swiftSettings: language),
    .target(name: "MadeUpLoaders", path: "Tests/Support/MadeUpLoaders", swiftSettings: language),
    .target(
        name: "OutputSchemas", dependencies: uses("JSONText"), path: "Tests/Support/OutputSchemas",
        swiftSettings: language),
    .target(name: "Snapshots", path: "Tests/Support/Snapshots", swiftSettings: language),
    .target(
        name: "TestPackages", dependencies: uses("ImageModel PackageModel PackageSelection"),
        path: "Tests/Support/TestPackages", swiftSettings: language),
    .target(name: "SeededNumbers", path: "Tests/Support/SeededNumbers", swiftSettings: language),
    .testTarget(
        name: "RepositoryTests",
        dependencies: uses(
            "JSONText DocumentTree DiskContract ImageModel SystemLayout GrubEnvironment RegistryModel PackageSpecs PackageTrees "
                + "ReleaseModel BootModel ImagePlanning TransactionPlanning LinuxSystem YAMLDocuments CommandOutput AgentCommands FleetModel "
                + "ManualPages OutputSchemas SystemPackage"
        ),
        swiftSettings: language),
]

// The server brings SwiftNIO, which takes a minute to build: nothing but boatyard itself has it, and optimised tests, the fuzzer
// and the agent are built without: boatyard has no `serve` then.
let boatyard = program("boatyard", "BuilderCommands")
// Writes the manual of all programs, and is no part of them.
let manual = program("manual-pages", "AgentCommands BuilderCommands ManualPages")
// What inflates layers on build machines: the agent is linked statically, and Debian has no such archive of ISA-L.
if Context.environment["LIFEBOOT_WITHOUT_SERVER"] == nil {
    package.targets.append(system("CIgzip", "libisal", apt: "libisal-dev"))
    for target in package.targets where ["Archives", "ArchivesTests"].contains(target.name) {
        target.dependencies += uses("CIgzip")
        target.swiftSettings?.append(.define("WITH_IGZIP"))
    }
}

if Context.environment["LIFEBOOT_WITHOUT_SERVER"] == nil {
    package.dependencies.append(.package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"))
    for target in [boatyard, manual] { target.dependencies += uses("ServingCommands") }
    package.targets += [
        library(
            "WebServing", .effects,
            "Faults WebMessages LinuxSystem NIOCore NIOHTTP1 NIOPosix",
            tests: "TestServers"),
        library(
            "ServingCommands", .commands,
            "Faults WebMessages LinuxSystem LayoutServing WebServing CommandOutput BuilderCommands ArgumentParser "
                + "SystemPackage",
            tests: "boatyard ImageModel RegistryModel ReleaseModel Cryptography RegistryAccess ImageSources Snapshots "
                + "TestServers",
            exclude: ["Snapshots"]),
    ].flatMap(\.self)
} else {
    for target in [boatyard, manual] { target.swiftSettings?.append(.define("WITHOUT_SERVER")) }
}
package.targets += [boatyard, manual]

package.targets.append(
    .testTarget(
        name: "MachineTests",
        dependencies: uses(
            "JSONText DiskContract ImageModel GrubEnvironment BootModel BootPlanning ImageFolders Cryptography LinuxSystem "
                + "SystemPackage SeededNumbers TestServers"),
        path: "qemu-tests", exclude: ["README.md", "guest", "Faults/faults"], swiftSettings: language))

// libFuzzer brings its own main, and wants every target instrumented: only `make fuzz` builds it.
if Context.environment["LIFEBOOT_FUZZER"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzzer", dependencies: uses("FuzzTargets"), path: "Tests/Fuzzing/fuzzer",
            swiftSettings: language + [.unsafeFlags(["-parse-as-library"])]))
}

/// Leaves out every target that these do not need.
@MainActor
func keep(only names: [String], withTests: Bool) {
    var names = names
    var kept: Set<String> = []
    while let name = names.popLast() {
        guard kept.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else {
            continue
        }
        for case .byNameItem(let other, _) in target.dependencies { names.append(other) }
        if withTests, let tests = package.targets.first(where: { $0.name == "\(name)Tests" && $0.type == .test }) {
            names.append(tests.name)
        }
    }
    package.targets.removeAll { !kept.contains($0.name) }
    package.products.removeAll { !kept.contains($0.name) }
}

// What ships to machines, and its tests: what the optimiser makes of it is tested, too (`make test-release`). The
// optimiser of Swift 6.3.1 crashes on the asynchronous tests of machines.
if Context.environment["LIFEBOOT_ONLY_MACHINES"] != nil {
    keep(only: ["lifeboot", "lifeboot-init"], withTests: true)
}
// What tells the demonstration: somebody who has built nothing yet waits for it.
if Context.environment["LIFEBOOT_ONLY_DEMONSTRATION"] != nil { keep(only: ["MachineTests"], withTests: false) }

// Only these test targets, for a quick look at a few: LIFEBOOT_TESTS=JSONTextTests,VerityTests swift test
if let names = Context.environment["LIFEBOOT_TESTS"]?.split(separator: ",") {
    package.targets.removeAll { target in target.type == .test && !names.contains { $0 == target.name } }
}
