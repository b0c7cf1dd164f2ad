package import GrubEnvironment

extension EnvironmentAccess where Self: ~Copyable {
    /// Changes the boot environment: the one write that makes an operation true, and the only way to it.
    ///
    /// Both copies are read under the partitions' lock, because GRUB's counters and other commands may have changed them
    /// since a plan was made. The second copy follows when roles change, and whenever it is missing, unusable or of other
    /// images: that is how it is made again.
    ///
    /// - Parameters:
    ///   - isVerdict: whether the change only says how a boot went; the second copy need not know that.
    ///   - change: what becomes of the copies; nil for nothing. It throws when the change makes no sense any more.
    /// - Returns: what failed although the new environment counts, a sentence each: its second copy.
    /// - Throws: when the old environment still counts: it cannot be read, the change threw, or the sector was not written.
    package mutating func commit(
        isVerdict: Bool = false, _ change: (EnvironmentCopies) throws -> BootEnvironment?
    ) throws -> [String] {
        let lock = try lockPartitions()
        defer { withExtendedLifetime(lock) {} }
        let copies = try readEnvironment()
        guard let wanted = try change(copies) else { return [] }
        let (first, second) = copies.outdated(for: wanted, isVerdict)
        guard first || second else { return [] }
        return try write(wanted.serialized(), first: first, second: second)
    }

    /// Changes the roles of an environment that can be used, as it is now.
    ///
    /// - Throws: as `commit(_:)`, and `Refusal` when the first copy cannot be used.
    package mutating func changeRoles(_ change: (BootEnvironment) throws -> BootEnvironment) throws -> [String] {
        try commit { try change(EnvironmentFacts($0).writable()) }
    }

    /// Reads both copies while nobody writes them; a partition that is mounted writable cannot be mounted beside.
    ///
    /// - Throws: when the boot partition cannot be read.
    package func environmentCopies() throws -> EnvironmentCopies {
        let lock = try lockPartitions()
        defer { withExtendedLifetime(lock) {} }
        return try readEnvironment()
    }

    /// Reads the environment.
    ///
    /// - Throws: `Refusal` when the first copy cannot be used; when the boot partition cannot be read.
    package func environment() throws -> BootEnvironment {
        try EnvironmentFacts(try environmentCopies()).writable()
    }

    /// Writes the copies; an error counts only when the disk does not hold the new environment.
    private mutating func write(_ bytes: [UInt8], first: Bool, second: Bool) throws -> [String] {
        let failure: String?
        do { failure = try writeEnvironment(bytes, first: first, second: second) } catch {
            guard let copies = try? readEnvironment(), copies.primary == bytes else { throw error }
            failure = copies.backup == bytes ? nil : "\(error)"
        }
        return failure.map { ["the change counts, but its second copy could not be written: \($0)"] } ?? []
    }
}

extension EnvironmentCopies {
    /// Whether nothing has to be written for what the first copy says to count.
    package var areWhole: Bool {
        guard let environment = EnvironmentFacts(self).primary else { return false }
        return outdated(for: environment, false) == (false, false)
    }

    /// Which copies have to be written so that an environment counts.
    func outdated(for wanted: BootEnvironment, _ isVerdict: Bool) -> (first: Bool, second: Bool) {
        guard let primary, let reading = try? BootEnvironment.read(primary, backup: backup) else { return (true, true) }
        let isFirst = reading.environment != wanted || !reading.problems.isEmpty
        let isChange = !isVerdict && reading.environment.differsInRoles(from: wanted)
        let isSecond = isChange || !backupNames(imagesOf: wanted)
        return (isFirst, isSecond)
    }

    /// Whether the second copy can be used and names the images of an environment.
    private func backupNames(imagesOf environment: BootEnvironment) -> Bool {
        guard let backup, let reading = try? BootEnvironment.read(backup) else { return false }
        return reading.environment.hasSameImages(as: environment)
    }
}
