import ArgumentParser
package import ImagePlanning

/// The sizes of partitions as `--sizes` takes them: `oem=64M,recovery=2G,state=8G,persistent=rest`.
package struct PartitionSizes: ExpressibleByArgument, Equatable, Sendable {
    /// The sizes; what is not named has its default.
    package private(set) var sizes = DiskSizes()

    /// Takes the defaults.
    package init() {}

    /// Reads the text; nil when a name or size is not understood, or a name comes twice.
    package init?(argument: String) {
        var seen: Set<String> = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, seen.insert(pair[0]).inserted, set(pair[0], to: pair[1]) else { return nil }
        }
    }

    private mutating func set(_ name: String, to text: String) -> Bool {
        if name == "persistent", text == "rest" {
            sizes.persistent = nil
            return true
        }
        guard let size = ByteCount(argument: text)?.bytes else { return false }
        switch name {
        case "boot": sizes.boot = size
        case "oem": sizes.oem = size
        case "recovery": sizes.recovery = size
        case "state": sizes.state = size
        case "persistent": sizes.persistent = size
        default: return false
        }
        return true
    }
}
