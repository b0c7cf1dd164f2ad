// swift-tools-version: 6.2
import PackageDescription

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

let filePath = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A Swift library target with the house settings.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies + [filePath], swiftSettings: house)
}

/// An executable of one file over a commands library.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

/// A C library of the system, found by pkg-config (static when PKG_CONFIG_PATH names our prefix).
func system(_ name: String, _ pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// The tests of a library; `Tests/<name>Tests` mirrors `Sources/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), filePath] + dependencies, exclude: exclude,
        swiftSettings: language)
}

let package = Package(
    name: "lifeboot",
    products: [
        .executable(name: "lifeboot-init", targets: ["lifeboot-init"]),
        .executable(name: "lifeboot", targets: ["lifeboot"]),
        .executable(name: "boatyard", targets: ["boatyard"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        // Layer 0: C. No Swift logic.
        system("CBlkid", "blkid", apt: "libblkid-dev"),
        system("CMount", "mount", apt: "libmount-dev"),
        system("CFdisk", "fdisk", apt: "libfdisk-dev"),
        system("CCryptsetup", "libcryptsetup", apt: "libcryptsetup-dev"),
        system("COpenSSL", "libcrypto", apt: "libssl-dev"),
        system("CYaml", "yaml-0.1", apt: "libyaml-dev"),
        system("CArchive", "libarchive", apt: "libarchive-dev"),
        system("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
        system("CSquashfs", "libsquashfs1", apt: "libsquashfs-dev"),
        .target(name: "CLinux"),

        // Layer 1: vocabulary. Pure values and codecs.
        library("JSONText"),
        library("ImageModel", ["JSONText"]),
        library("SystemLayout"),
        library("GrubEnvironment", ["ImageModel"]),
        library("RegistryModel", ["JSONText", "ImageModel"]),
        library("ReleaseModel", ["JSONText", "ImageModel", "SystemLayout"]),
        library("BootModel", ["JSONText", "ImageModel", "GrubEnvironment", "SystemLayout"]),

        // Layer 2: decisions. Pure functions from facts to plans.
        library("BootPlanning", ["BootModel", "GrubEnvironment", "ImageModel", "SystemLayout"]),
        library("ImagePlanning", ["ImageModel", "GrubEnvironment"]),
        library(
            "TransactionPlanning",
            [
                "BootModel", "GrubEnvironment", "ImageModel", "ImagePlanning", "RegistryModel", "ReleaseModel",
                "SystemLayout", "JSONText",
            ]),

        // Layer 3: effects. The only Swift targets that import Glibc or C modules.
        library("LinuxSystem", ["CLinux", "CMount"]),
        library("BlockDevices", ["CBlkid", "LinuxSystem", "SystemLayout"]),
        library("Verity", ["CCryptsetup", "Cryptography", "LinuxSystem", "ImageModel"]),
        library("Cryptography", ["COpenSSL", "LinuxSystem", "ImageModel"]),
        library("YAMLDocuments", ["CYaml", "SystemLayout"]),
        library("Archives", ["CArchive", "LinuxSystem"]),
        library("PartitionTables", ["CFdisk", "LinuxSystem"]),
        library("Encryption", ["CCryptsetup", "LinuxSystem"]),
        library("Filesystems", ["LinuxSystem"]),
        library("HTTPTransfer", ["CCurl", "LinuxSystem"]),
        library("Squashfs", ["CSquashfs", "Cryptography", "ImageModel", "LinuxSystem"]),

        // Layer 4: interpreters. Join decisions and effects.
        library(
            "BootExecution",
            [
                "BootPlanning", "BootModel", "GrubEnvironment", "ImageModel", "SystemLayout", "JSONText",
                "LinuxSystem", "BlockDevices", "Verity", "Encryption", "Cryptography", "YAMLDocuments",
            ]),
        library(
            "RegistryAccess",
            [
                "RegistryModel", "ReleaseModel", "ImageModel", "JSONText", "SystemLayout", "HTTPTransfer",
                "Cryptography", "Archives", "YAMLDocuments", "LinuxSystem",
            ]),
        library(
            "ImageFetching",
            [
                "TransactionPlanning", "RegistryModel", "ImageModel", "GrubEnvironment", "Cryptography", "Verity",
                "Filesystems", "LinuxSystem", "Squashfs",
            ]),
        library(
            "ImageAssembly",
            [
                "RegistryModel", "ImageModel", "ImagePlanning", "JSONText", "GrubEnvironment", "Archives", "Squashfs",
                "Cryptography", "Verity", "Filesystems", "LinuxSystem",
            ]),

        // Layer 5: transactions and builds. Change what boots; make what is to be booted.
        library(
            "ImageBuilding",
            [
                "ImageAssembly", "ImagePlanning", "ImageModel", "GrubEnvironment", "JSONText", "RegistryModel",
                "LinuxSystem", "Verity", "Cryptography", "Archives", "Squashfs", "PartitionTables",
                "Filesystems",
            ]),
        library(
            "Transactions",
            [
                "TransactionPlanning", "BootExecution", "BootPlanning", "BootModel", "GrubEnvironment", "ImageModel",
                "ImagePlanning", "JSONText", "SystemLayout", "RegistryModel", "ReleaseModel", "RegistryAccess",
                "ImageFetching",
                "ImageAssembly", "LinuxSystem", "BlockDevices", "Verity", "Cryptography", "YAMLDocuments",
                "PartitionTables", "Encryption", "Filesystems",
            ]),

        // Layer 6: commands. Arguments, rendering, exit codes.
        library(
            "AgentCommands",
            [
                "Transactions", "TransactionPlanning", "RegistryModel", "ReleaseModel", "RegistryAccess",
                "BootExecution", "BootPlanning", "BootModel", "GrubEnvironment", "ImageModel", "ImagePlanning",
                "SystemLayout",
                "JSONText", "LinuxSystem", "BlockDevices", "Verity", "Cryptography", "YAMLDocuments", arguments,
            ]),
        library(
            "BuilderCommands",
            [
                "ImageBuilding", "ImagePlanning", "ImageModel", "JSONText", "Cryptography", "LinuxSystem",
                "RegistryAccess", "RegistryModel", "ReleaseModel", arguments,
            ]),

        // Layer 7: executables. One file each.
        program("lifeboot-init", ["BootExecution", "LinuxSystem"]),
        program("lifeboot", ["AgentCommands"]),
        program("boatyard", ["BuilderCommands"]),

        // Tests.
        .target(
            name: "TestServers", dependencies: ["LinuxSystem", filePath], path: "Tests/Support/TestServers",
            exclude: ["scripted-server.py", "keeper.py"],
            swiftSettings: language),
        .target(name: "SeededNumbers", path: "Tests/Support/SeededNumbers", swiftSettings: language),
        tests("JSONText"),
        tests("BootModel", ["JSONText", "ImageModel", "GrubEnvironment", "SystemLayout"]),
        tests("GrubEnvironment", ["ImageModel", "LinuxSystem", "SeededNumbers"]),
        tests("ImageModel", ["JSONText", "SeededNumbers"]),
        tests("SystemLayout"),
        tests(
            "BootPlanning", ["BootModel", "GrubEnvironment", "ImageModel", "SystemLayout"], exclude: ["Golden"]),
        tests("ImagePlanning", ["ImageModel", "GrubEnvironment"]),
        tests("RegistryModel", ["ImageModel", "JSONText", "SeededNumbers"]),
        tests("ReleaseModel", ["ImageModel", "JSONText", "SystemLayout", "SeededNumbers"]),
        tests(
            "TransactionPlanning",
            [
                "BootModel", "GrubEnvironment", "ImageModel", "ImagePlanning", "RegistryModel", "ReleaseModel",
                "SystemLayout", "SeededNumbers",
            ],
            exclude: ["Golden"]),
        tests("Encryption", ["LinuxSystem"]),
        tests("Filesystems", ["LinuxSystem"]),
        tests("HTTPTransfer", ["LinuxSystem", "TestServers"]),
        tests("Squashfs", ["LinuxSystem"]),
        tests(
            "RegistryAccess",
            [
                "RegistryModel", "ReleaseModel", "ImageModel", "JSONText", "Cryptography", "LinuxSystem",
                "HTTPTransfer", "TestServers",
            ]),
        tests(
            "ImageFetching",
            [
                "TransactionPlanning", "RegistryModel", "ImageModel", "Cryptography", "Verity", "Filesystems",
                "LinuxSystem", "SeededNumbers",
            ]),
        tests(
            "ImageAssembly",
            [
                "RegistryModel", "ImageModel", "ImagePlanning", "JSONText", "Archives", "Squashfs", "Cryptography",
                "Verity", "LinuxSystem",
            ]),
        tests(
            "Transactions",
            [
                "TransactionPlanning", "BootModel", "GrubEnvironment", "ImageModel", "RegistryModel", "ReleaseModel",
                "SystemLayout", "JSONText", "LinuxSystem", "Cryptography", "ImageFetching", "BootExecution", "Verity",
                "ImagePlanning", "Filesystems", "Encryption", "BlockDevices",
                "RegistryAccess",
            ]),
        tests("LinuxSystem"),
        tests("BlockDevices", ["LinuxSystem", "SystemLayout"]),
        tests("Cryptography", ["ImageModel", "LinuxSystem"]),
        tests("YAMLDocuments", ["SystemLayout", "SeededNumbers"]),
        tests("Verity", ["ImageModel", "LinuxSystem"]),
        tests("Archives", ["LinuxSystem"]),
        tests("PartitionTables"),
        tests(
            "BootExecution",
            ["BootPlanning", "BootModel", "Cryptography", "GrubEnvironment", "ImageModel", "SystemLayout"]),
        tests(
            "ImageBuilding",
            ["GrubEnvironment", "ImageModel", "ImagePlanning", "Cryptography", "JSONText", "LinuxSystem", "Squashfs"]),
        tests(
            "AgentCommands",
            [
                "BootModel", "GrubEnvironment", "ImageModel", "ImagePlanning", "JSONText", "RegistryModel",
                "SystemLayout", "Transactions", arguments,
            ],
            exclude: ["Snapshots"]),
        tests(
            "BuilderCommands",
            [
                "ImageModel", "ImagePlanning", "RegistryModel", "RegistryAccess", "ReleaseModel", "Cryptography",
                "TestServers", arguments,
            ]),
        .testTarget(
            name: "RepositoryTests", dependencies: ["BootModel", "GrubEnvironment", "LinuxSystem", filePath],
            swiftSettings: language),
    ],
    swiftLanguageModes: [.v6]
)

// The optimiser of Swift 6.3.1 crashes on these asynchronous tests; `make test-release` builds all others optimised.
if Context.environment["LIFEBOOT_WITHOUT_MACHINE_TESTS"] == nil {
    package.targets.append(
        .testTarget(
            name: "MachineTests",
            dependencies: [
                "JSONText", "ImageModel", "GrubEnvironment", "BootModel", "BootPlanning", "BootExecution",
                "Cryptography", "LinuxSystem", filePath, "SeededNumbers", "TestServers",
            ],
            path: "qemu-tests",
            exclude: ["README.md", "guest", "Faults/faults"], swiftSettings: language))
}

// Only these test targets, for a quick look at a few: LIFEBOOT_TESTS=JSONTextTests,VerityTests swift test
if let names = Context.environment["LIFEBOOT_TESTS"]?.split(separator: ",") {
    package.targets.removeAll { target in target.type == .test && !names.contains { $0 == target.name } }
}
