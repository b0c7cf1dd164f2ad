/// What firmware and kernel say about a machine, by which its cloud is seen.
package struct MachineIdentity: Equatable, Sendable {
    /// Who made the system (`sys_vendor`).
    package var vendor = ""
    /// The product's name.
    package var product = ""
    /// The product's serial number.
    package var serial = ""
    /// The product's UUID.
    package var uuid = ""
    /// The asset tag of the chassis.
    package var assetTag = ""
    /// `/sys/hypervisor/uuid`, where Xen has one.
    package var hypervisorUUID = ""
    /// The words of the kernel command line.
    package var words: [String] = []

    /// Knows nothing yet.
    package init() {}
}

/// One pattern of a machine; a star at an end stands for anything (cloud-init's `ds-identify`).
enum MachineMark: Sendable {
    case vendor(String), product(String), serial(String), assetTag(String)
    /// A word of the kernel command line.
    case word(String)
    /// Xen's UUID.
    case hypervisor(String)
    /// UUID and serial number are the same and begin with this, in any capitals.
    case uuidIsSerial(String)
    /// Vendor and product together.
    case both(vendor: String, product: String)

    func fits(_ machine: MachineIdentity) -> Bool {
        switch self {
        case .vendor(let pattern): Self.fits(machine.vendor, pattern)
        case .product(let pattern): Self.fits(machine.product, pattern)
        case .serial(let pattern): Self.fits(machine.serial, pattern)
        case .assetTag(let pattern): Self.fits(machine.assetTag, pattern)
        case .word(let word): machine.words.contains(word)
        case .hypervisor(let pattern): Self.fits(machine.hypervisorUUID.asciiLowercased, pattern)
        case .uuidIsSerial(let head):
            machine.uuid.asciiLowercased == machine.serial.asciiLowercased
                && machine.uuid.asciiLowercased.hasPrefix(head)
        case .both(let vendor, let product): machine.vendor == vendor && machine.product == product
        }
    }

    private static func fits(_ text: String, _ pattern: String) -> Bool {
        if pattern.hasPrefix("*") { return text.hasSuffix(pattern.dropFirst()) }
        return pattern.hasSuffix("*") ? text.hasPrefix(pattern.dropLast()) : text == pattern
    }
}

extension Provider {
    static let ec2Marks: [MachineMark] = [
        .hypervisor("ec2*"), .uuidIsSerial("ec2"), .vendor("Amazon EC2"), .serial("*.brightbox.com"),
        .assetTag("*.zstack.io"), .vendor("e24cloud"), .both(vendor: "3DS Outscale", product: "3DS Outscale VM"),
    ]

    static let googleMarks: [MachineMark] = [.product("Google Compute Engine"), .serial("GoogleCloud-*")]

    static let openstackMarks: [MachineMark] = [
        .product("OpenStack Nova"), .product("OpenStack Compute"), .assetTag("OpenTelekomCloud"),
        .assetTag("SAP CCloud VM"), .assetTag("HUAWEICLOUD"), .assetTag("OpenStack Nova"),
        .assetTag("OpenStack Compute"),
    ]
}
