import ArgumentParser
import ImagePlanning

/// Holds the sizes of a disk as they are given on the command line.
struct DiskSizeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The whole disk (default: what the partitions need).", valueName: "size"))
    var size: ByteCount?
    @Option(help: ArgumentHelp("The boot partition (default: 128M).", valueName: "size"))
    var bootSize: ByteCount?
    @Option(help: ArgumentHelp("The OEM partition (default: 64M).", valueName: "size"))
    var oemSize: ByteCount?
    @Option(help: ArgumentHelp("The recovery partition (default: 2G).", valueName: "size"))
    var recoverySize: ByteCount?
    @Option(help: ArgumentHelp("The state partition (default: 8G).", valueName: "size"))
    var stateSize: ByteCount?
    @Option(help: ArgumentHelp("The persistent partition (default: the rest, or 1G).", valueName: "size"))
    var persistentSize: ByteCount?

    /// Makes options without values.
    init() {}

    /// The sizes, with the defaults for what is not given.
    func values() throws -> DiskSizes {
        var sizes = DiskSizes()
        if let bootSize { sizes.boot = bootSize.bytes }
        if let oemSize { sizes.oem = oemSize.bytes }
        if let recoverySize { sizes.recovery = recoverySize.bytes }
        if let stateSize { sizes.state = stateSize.bytes }
        sizes.persistent = persistentSize?.bytes
        sizes.disk = size?.bytes
        return sizes
    }
}

extension ByteCount: ExpressibleByArgument {}
