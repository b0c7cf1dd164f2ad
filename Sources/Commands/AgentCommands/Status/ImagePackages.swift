import CommandOutput
import ImageModel
import JSONText
import LinuxSystem
import SystemPackage

/// The packages that the running image says it consists of, for `lifeboot status --packages`.
struct ImagePackages {
    /// The list; nil when the image has none, as one that was made of a container.
    private let list: PackageList?

    /// Reads the list of a root.
    ///
    /// - Throws: `SystemError` when it cannot be read, `PackageListError` for what is none.
    init(root: FilePath = "/") throws {
        let path = root.appending(PackageList.path)
        list = try FileBytes.readIfPresent(path, limit: PackageList.sizeLimit).map { try PackageList(parsing: $0) }
    }

    /// The list as it lies in the image; null when there is none.
    var json: JSONValue { ["format": 1, "packages": list?.json["packages"] ?? .null] }

    /// A line for each package: its name, its version, and the beginning of its layer's digest.
    var lines: [String] {
        guard let list else { return ["This image has no list of packages (/\(PackageList.path))."] }
        var table = TextTable(["PACKAGE", "VERSION", "DIGEST"])
        for package in list.packages {
            table.add([package.name, package.version, package.digest.map { String($0.hex.prefix(12)) } ?? "-"])
        }
        return table.lines
    }
}
