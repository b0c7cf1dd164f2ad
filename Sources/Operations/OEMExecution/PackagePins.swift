import DocumentTree
package import SystemPackage

/// Keeps packages at versions, in the way of the system's package manager.
package enum PackagePins {
    /// A package and its version.
    package typealias Pin = (name: String, version: String)

    /// The preferences of apt (apt_preferences(5)); 1001 wins over a newer version that is installed already.
    package static let aptFile: FilePath = "/etc/apt/preferences.d/90-lifeboot-pins"
    /// What dnf's versionlock reads; only there where the plugin is.
    package static let dnfFile: FilePath = "/etc/dnf/plugins/versionlock.list"
    /// The settings of that plugin.
    package static let dnfPlugin: FilePath = "/etc/dnf/plugins/versionlock.conf"
    /// The locks of zypper (locks(5)).
    package static let zypperFile: FilePath = "/etc/zypp/locks"
    /// What apk is to have installed (apk-world(5)).
    package static let apkFile: FilePath = "/etc/apk/world"

    /// The whole text for apt.
    package static func apt(_ pins: [Pin]) -> [UInt8] {
        Array(
            pins.map { "Package: \($0.name)\nPin: version \($0.version)\nPin-Priority: 1001\n" }
                .joined(separator: "\n").utf8)
    }

    /// The whole text for dnf; a version without a release is any release of it.
    package static func dnf(_ pins: [Pin]) -> [UInt8] {
        Array(pins.map { "\($0.name)-\($0.version)\($0.version.utf8.contains(0x2D) ? ".*" : "-*")\n" }.joined().utf8)
    }

    /// Locks every other version that could be installed; locks of others stay.
    package static func zypper(_ old: [UInt8], _ pins: [Pin]) -> [UInt8] {
        let mark = "install_status: not-installed"
        var blocks: [[Substring]] = [[]]
        for line in String(decoding: old, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { blocks.append([]) } else { blocks[blocks.count - 1].append(line) }
        }
        let isOurs: ([Substring]) -> Bool = { block in
            block.contains { $0 == mark } && block.contains { $0.hasPrefix("version: != ") }
        }
        let kept = blocks.filter { !$0.isEmpty && !isOurs($0) }.map { $0.joined(separator: "\n") + "\n" }
        let new = pins.map { pin in
            "type: package\nmatch_type: exact\ncase_sensitive: on\nsolvable_name: \(pin.name)\n"
                + "version: != \(pin.version)\n\(mark)\n"
        }
        return Array((kept + new).joined(separator: "\n").utf8)
    }

    /// Puts the version to the package, in place of what was said of it.
    package static func apk(_ old: [UInt8], _ pins: [Pin]) -> [UInt8] {
        let names = Set(pins.map(\.name))
        let kept = String(decoding: old, as: UTF8.self).split(separator: "\n").filter { line in
            !names.contains(String(line.prefix { !"=<>~@".contains($0) }))
        }
        return Array((kept.map(String.init) + pins.map { "\($0.name)=\($0.version)" }).map { $0 + "\n" }.joined().utf8)
    }
}
