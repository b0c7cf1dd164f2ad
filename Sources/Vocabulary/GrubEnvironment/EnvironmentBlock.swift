/// Holds the variables of a GRUB environment block in order.
///
/// The format is that of `grub-core/lib/envblk.c`: a signature line, `name=value` lines in which a backslash
/// protects a backslash or a newline, comment lines, and `#` up to the end of a preallocated file.
package struct EnvironmentBlock: Equatable, Sendable {
    /// One name and its value.
    package struct Variable: Equatable, Sendable {
        /// The name: ASCII letters, digits and underscores.
        package var name: String
        /// The value, unescaped.
        package var value: String

        /// Pairs a name with a value.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Size of a block in bytes; GRUB's default and the only one accepted here.
    package static let size = 1024
    /// Bytes of one disk sector: what is written in one piece.
    package static let sector = 512
    /// The first line of every block (`GRUB_ENVBLK_SIGNATURE`).
    static let signature = Array("# GRUB Environment Block\n".utf8)

    /// The variables in order.
    package private(set) var variables: [Variable]

    /// Makes a block; a repeated name keeps its first place and takes the last value.
    package init(_ variables: [Variable] = []) {
        self.variables = []
        for variable in variables { self[variable.name] = variable.value }
    }

    /// Reads, replaces, appends or (with nil) removes the variable of that name.
    package subscript(name: String) -> String? {
        get { variables.first { $0.name == name }?.value }
        set {
            let place = variables.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): variables[place].value = value
            case (let place?, nil): variables.remove(at: place)
            case (nil, let value?): variables.append(Variable(name, value))
            case (nil, nil): break
            }
        }
    }

    /// Reads, replaces, appends or (with nil) removes a variable of the boot environment.
    package subscript(variable: EnvironmentVariable) -> String? {
        get { self[variable.rawValue] }
        set { self[variable.rawValue] = newValue }
    }
}

extension EnvironmentBlock {
    /// Writes the block, padded to a size.
    ///
    /// - Parameters:
    ///   - size: the size of the file in bytes.
    ///   - limit: the bytes the variables may take; 512 keeps every change inside one sector.
    /// - Throws: when the variables need more than the limit, or GRUB could not keep a name or value.
    package func serialized(
        size: Int = EnvironmentBlock.size, limit: Int? = nil
    ) throws(EnvironmentBlockError) -> [UInt8] {
        for variable in variables where !Self.isName(variable.name) || variable.value.utf8.contains(0) {
            throw .unwritable(name: variable.name)
        }
        let bytes = unpadded()
        let limit = min(size, limit ?? size)
        guard bytes.count <= limit else { throw .tooLarge(needed: bytes.count, limit: limit) }
        return Self.padded(bytes, to: size)
    }

    /// Makes the `kernel.env` of an image, which GRUB reads for the image's own arguments and for what the list of choices calls
    /// it; a title that does not fit any more is left out.
    ///
    /// - Throws: when the arguments do not fit the block.
    package static func kernelArguments(
        _ arguments: [String], title: String? = nil
    ) throws(EnvironmentBlockError) -> [UInt8] {
        var block = EnvironmentBlock([.init("kernel_arguments", arguments.joined(separator: " "))])
        let untitled = try block.serialized()
        block["image_title"] = title
        return (try? block.serialized()) ?? untitled
    }

    /// The signature and the variables.
    func unpadded() -> [UInt8] {
        var bytes = Self.signature
        for variable in variables {
            bytes += Array(variable.name.utf8) + [UInt8(ascii: "=")]
            for byte in variable.value.utf8 {
                if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Adds GRUB's padding.
    static func padded(_ bytes: [UInt8], to size: Int) -> [UInt8] {
        bytes + [UInt8](repeating: UInt8(ascii: "#"), count: max(0, size - bytes.count))
    }

    /// Says whether GRUB's script language can name such a variable.
    static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { isNameByte($0) }
    }

    /// Says whether a byte is an ASCII letter, digit or underscore.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
