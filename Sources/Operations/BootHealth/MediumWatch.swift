package import LinuxSystem
package import SystemPackage

/// Decides whether the medium that a live system runs from is gone.
///
/// Every event of the kernel about its disk, and every loss of events, is a reason to look, for a drive of discs some seconds, too;
/// one failure may be a bus that was reset, so that only a second one counts.
package struct MediumWatch: Equatable, Sendable {
    /// What to do next.
    package enum Step: Equatable, Sendable {
        /// Wait for the next event until then.
        case wait(Deadline)
        /// Nothing more: the medium is gone.
        case isGone
    }

    /// How long after a failure it is looked at again.
    private static let patience = Duration.seconds(2)
    /// How often a drive of discs is looked at: the kernel sends no event when the disc of one in use is taken out, not even
    /// when it is told to ask (`events_poll_msecs`, tried with Linux 6.1 and QEMU's drive).
    private static let interval = Duration.seconds(5)

    private let disk: String
    private let isDrive: Bool
    /// When it is looked at again, whatever else comes meanwhile.
    private var due = Deadline.never
    /// Whether it did not answer when it was looked at.
    private var isDoubtful = false

    /// Watches a disk by its device, such as `/dev/sda`.
    package init(_ disk: FilePath) {
        self.disk = disk.lastComponent?.string ?? ""
        isDrive = self.disk.utf8.starts(with: "sr".utf8)
        due = rest
    }

    /// What follows from a message.
    ///
    /// - Parameter answers: reads from the disk.
    package mutating func next(_ message: UeventSocket.Message, answers: () -> Bool) -> Step {
        guard isReason(message) else { return .wait(due) }
        if answers() {
            (isDoubtful, due) = (false, rest)
            return .wait(due)
        }
        if isDoubtful, due.isPast { return .isGone }
        if !isDoubtful { (isDoubtful, due) = (true, .after(Self.patience)) }
        return .wait(due)
    }

    /// How long nothing is done while nothing happens.
    private var rest: Deadline { isDrive ? .after(Self.interval) : .never }

    private func isReason(_ message: UeventSocket.Message) -> Bool {
        switch message {
        case .event(let event): event.disk == disk
        case .lost, .timedOut: true
        case .woken: false
        }
    }
}

/// Waits for the end of a medium, and ends a system that lost it.
///
/// Such a system stands still: what it would need to restart cannot be read. So this process keeps all that it needs in memory.
package struct MediumGuard: ~Copyable {
    /// How long people have to read why.
    private static let notice = Duration.seconds(20)

    private let disk: FilePath
    private let socket: UeventSocket
    private let signal: WakeSignal

    /// Begins to listen, and takes this process into memory.
    ///
    /// - Throws: `SystemError` when either is not possible.
    package init(_ disk: FilePath) throws(SystemError) {
        try ThisProcess.stayInMemory()
        let signal = try WakeSignal()
        socket = try UeventSocket()
        (self.disk, self.signal) = (disk, signal)
    }

    /// Returns when the medium is gone.
    ///
    /// - Throws: `SystemError` when the kernel's events cannot be read.
    package borrowing func waitForLoss() throws(SystemError) {
        var watch = MediumWatch(disk)
        // What happened before there was a socket.
        var message = UeventSocket.Message.lost
        while case .wait(let deadline) = watch.next(message, answers: { DiskReading.succeeds(disk) }) {
            message = try socket.next(until: deadline, or: signal)
        }
    }

    /// Says what happened on every console, and restarts the machine.
    ///
    /// - Throws: `SystemError` when the kernel refuses; otherwise it does not return.
    package borrowing func restart() throws(SystemError) {
        Console.writeToAll(Self.words(disk))
        KernelLog(name: "lifeboot").write("the medium \(disk) was taken out: restarting", level: .error)
        _ = try socket.next(until: .after(Self.notice), or: signal)
        try Reboot.restartAtOnce()
    }

    /// What people read.
    static func words(_ disk: FilePath) -> String {
        """

        lifeboot: THE MEDIUM WAS TAKEN OUT
        This system ran from \(disk), which does not answer any more.
        The machine restarts in \(notice.components.seconds) seconds. Put the medium back to start from it again.
        A start with lifeboot.toram=yes copies it into memory; then it can be taken out.

        """
    }
}
