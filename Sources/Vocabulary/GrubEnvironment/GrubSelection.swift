/// Names one of the two copies of GRUB's configuration; the raw value is its folder's name.
package enum GrubCopy: String, CaseIterable, Sendable {
    /// `/grub/a`.
    case a
    /// `/grub/b`.
    case b

    /// The one that is not this one.
    package var other: GrubCopy { self == .a ? .b : .a }
}

/// What `grub.env` says: which copy of its configuration GRUB uses (docs/decisions/0013-grub-in-two-copies.md).
///
/// The block is written in place like `boot.env`; all of it lies in the first sector.
package struct GrubSelection: Equatable, Sendable {
    /// The copy in use.
    package var copy: GrubCopy
    /// The copy that the next start tries, once; nil for none.
    package var trial: GrubCopy?
    /// The version of the files that the loaders (core image, UEFI program) are of; 0 when unknown.
    package var loader: Int
    /// The newest version that was put on trial, so that one that failed is not tried for ever; 0 for none.
    package var tried: Int

    /// Describes a selection.
    package init(copy: GrubCopy = .a, trial: GrubCopy? = nil, loader: Int = 0, tried: Int = 0) {
        self.copy = copy
        self.trial = trial
        self.loader = loader
        self.tried = tried
    }

    /// Reads a block the way `select.cfg` does: what makes no sense counts as copy `a`, and no trial.
    ///
    /// - Throws: `EnvironmentBlockError` when GRUB itself could not read it.
    package init(parsing bytes: [UInt8]) throws(EnvironmentBlockError) {
        let block = try EnvironmentBlock(parsing: bytes)
        copy = block["copy"] == GrubCopy.b.rawValue ? .b : .a
        trial = block["trial"].flatMap(GrubCopy.init(rawValue:))
        loader = Self.number(block["loader"])
        tried = Self.number(block["tried"])
    }

    private static func number(_ text: String?) -> Int { text.flatMap { Int($0) }.map { max(0, $0) } ?? 0 }

    /// The bytes of the file.
    package func serialized() -> [UInt8] {
        let variables: [EnvironmentBlock.Variable] = [
            .init("copy", copy.rawValue), .init("trial", trial?.rawValue ?? "-"), .init("loader", "\(loader)"),
            .init("tried", "\(tried)"),
        ]
        // Four short ASCII values always fit.
        return EnvironmentBlock.padded(EnvironmentBlock(variables).unpadded(), to: EnvironmentBlock.size)
    }
}
