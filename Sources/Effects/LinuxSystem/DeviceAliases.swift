package import SystemPackage

/// What the kernel says of the devices that it found, so that their drivers can be.
package enum DeviceAliases {
    /// The largest `uevent` file that is read, in bytes; the kernel's own buffer has 2 KiB.
    private static let limit = 1 << 16

    /// The aliases of all devices on buses, each once.
    ///
    /// They stand in the `uevent` files: a card on the mmc bus has no `modalias` file. A device that goes meanwhile has
    /// none.
    ///
    /// - Throws: `SystemError` when `/sys` cannot be listed.
    package static func all(in root: FilePath = "/sys") throws(SystemError) -> [String] {
        var seen: Set<String> = []
        var aliases: [String] = []
        for bus in try Folders.names(of: root.appending("bus")).sorted() {
            let devices = root.appending("bus/\(bus)/devices")
            for device in try Folders.names(of: devices).sorted() {
                guard let alias = alias(in: devices.appending("\(device)/uevent")), seen.insert(alias).inserted else {
                    continue
                }
                aliases.append(alias)
            }
        }
        return aliases
    }

    private static func alias(in file: FilePath) -> String? {
        let mark = Array("MODALIAS=".utf8)
        let lines = (try? FileBytes.read(file, limit: limit))?.split(separator: UInt8(ascii: "\n")) ?? []
        return lines.first { $0.starts(with: mark) }.map { String(decoding: $0.dropFirst(mark.count), as: UTF8.self) }
    }
}
