/// One message to the kernel about interfaces, addresses or routes (rtnetlink(7)), or from it.
struct RouteMessage: Equatable {
    /// What it is about (`RTM_…`).
    enum Kind {
        static let error: UInt16 = 2
        static let done: UInt16 = 3
        static let newLink: UInt16 = 16
        static let getLink: UInt16 = 18
        static let newAddress: UInt16 = 20
        static let deleteAddress: UInt16 = 21
        static let getAddress: UInt16 = 22
        static let newRoute: UInt16 = 24
        static let deleteRoute: UInt16 = 25
        static let getRoute: UInt16 = 26
    }

    /// How it is meant (`NLM_F_…`).
    struct Flags: OptionSet {
        let rawValue: UInt16
        static let request = Flags(rawValue: 0x001)
        static let acknowledge = Flags(rawValue: 0x004)
        static let dump = Flags(rawValue: 0x300)
        static let replace = Flags(rawValue: 0x100)
        static let create = Flags(rawValue: 0x400)
    }

    let kind: UInt16
    let flags: Flags
    /// What follows the head: the fixed part for its kind, and attributes.
    private(set) var body: [UInt8]

    /// Bytes of a head (`struct nlmsghdr`).
    private static let headLength = 16

    /// Begins with the fixed part.
    init(_ kind: UInt16, _ flags: Flags, _ fixed: [UInt8]) {
        (self.kind, self.flags, body) = (kind, flags, fixed)
    }

    /// Adds an attribute; it ends at a multiple of four bytes.
    mutating func add(_ attribute: UInt16, _ value: [UInt8]) {
        body += KernelBytes.of(UInt16(value.count + 4)) + KernelBytes.of(attribute) + value
        body += [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    }

    /// The message as the kernel takes it.
    func bytes(sequence: UInt32) -> [UInt8] {
        KernelBytes.of(UInt32(Self.headLength + body.count)) + KernelBytes.of(kind) + KernelBytes.of(flags.rawValue)
            + KernelBytes.of(sequence) + KernelBytes.of(UInt32(0)) + body
    }

    /// Reads the messages in what the kernel sent; what is cut short ends them.
    static func parse(_ bytes: [UInt8]) -> [(sequence: UInt32, message: RouteMessage)] {
        var messages: [(UInt32, RouteMessage)] = []
        var place = 0
        while let length = KernelBytes.read(bytes, at: place).map({ Int($0 as UInt32) }), length >= headLength,
            place + length <= bytes.count, let kind: UInt16 = KernelBytes.read(bytes, at: place + 4),
            let flags: UInt16 = KernelBytes.read(bytes, at: place + 6),
            let sequence: UInt32 = KernelBytes.read(bytes, at: place + 8)
        {
            let body = Array(bytes[(place + headLength)..<(place + length)])
            messages.append((sequence, RouteMessage(kind, Flags(rawValue: flags), body)))
            place += (length + 3) / 4 * 4
        }
        return messages
    }

    /// The attributes behind a fixed part of so many bytes; what is cut short ends them.
    func attributes(after fixed: Int) -> [UInt16: [UInt8]] {
        var found: [UInt16: [UInt8]] = [:]
        var place = fixed
        while let length = KernelBytes.read(body, at: place).map({ Int($0 as UInt16) }), length >= 4,
            place + length <= body.count, let name: UInt16 = KernelBytes.read(body, at: place + 2)
        {
            // The upper two bits say how nested ones are written.
            found[name & 0x3FFF] = Array(body[(place + 4)..<(place + length)])
            place += (length + 3) / 4 * 4
        }
        return found
    }
}

/// Numbers in the order of bytes of this machine.
enum KernelBytes {
    static func of<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        let little = Number.bitWidth / 8
        let bytes = (0..<little).map { UInt8(truncatingIfNeeded: number >> Number($0 * 8)) }
        return isLittle ? bytes : bytes.reversed()
    }

    /// Reads one; nil when it does not end in the bytes.
    static func read<Number: FixedWidthInteger>(_ bytes: [UInt8], at place: Int) -> Number? {
        let count = Number.bitWidth / 8
        guard place >= 0, place + count <= bytes.count else { return nil }
        let own = bytes[place..<(place + count)]
        return (isLittle ? own.reversed() : Array(own)).reduce(Number(0)) { $0 << 8 | Number($1) }
    }

    private static let isLittle = UInt16(1).littleEndian == 1
}
