import GrubEnvironment
import ImageModel
import SystemLayout

extension BootParameters {
    /// Reads the parameters; what cannot be understood is noted in `problems` and otherwise ignored.
    ///
    /// The cOS and Elemental spellings count where they mean the same (`reference`: cOS-toolkit, elemental-toolkit).
    package init(_ line: KernelCommandLine) {
        self.init()
        readChoice(line)
        readDevices(line)
        readFailurePolicy(line)
        readLegacyImage(line)
    }

    private mutating func readChoice(_ line: KernelCommandLine) {
        isLive = parsed(line, ["lifeboot.mode"]) { $0 == "live" ? true : nil } ?? false
        memoryCopy = parsed(line, ["lifeboot.toram"]) { MemoryCopyPolicy(rawValue: $0) } ?? .auto
        isInstallation = parsed(line, ["lifeboot.install"]) { $0 == "yes" ? true : $0 == "no" ? false : nil } ?? false
        role = parsed(line, ["lifeboot.role", "elemental.mode"]) { Role(rawValue: $0) }
        image = parsed(line, ["lifeboot.image"]) { ImageID($0) }
        bootPartition = parsed(line, ["lifeboot.boot"]) { try? DeviceReference(parsing: $0) }
        reason = parsed(line, ["lifeboot.reason"]) { BootReason(rawValue: $0) }
        if line.last("lifeboot.tries") != "uncounted" {
            triesLeft = parsed(line, ["lifeboot.tries"]) { Int($0).flatMap { (0...9).contains($0) ? $0 : nil } }
        }
        grubCopy = parsed(line, ["lifeboot.grub"]) { GrubCopy(rawValue: $0) }
        verity = parsed(line, ["lifeboot.verity"]) { VerityPolicy(rawValue: $0) } ?? .enforce
        disabled = ["lifeboot.disable", "rd.cos.disable", "elemental.disable"].contains { line.flag($0) }
        debugReadWrite = ["lifeboot.debug-rw", "rd.cos.debugrw"].contains { line.flag($0) }
    }

    private mutating func readDevices(_ line: KernelCommandLine) {
        overlay = line.first(of: ["lifeboot.overlay", "rd.cos.overlay", "elemental.overlay"])
        volumes = line.all("lifeboot.volume") + line.all("rd.cos.mount")
        setup = line.all("lifeboot.setup") + line.all("cos.setup") + line.all("elemental.setup")
        oemLabel = line.first(of: ["lifeboot.oemlabel", "rd.cos.oemlabel", "elemental.oemlabel"])
        let names = ["lifeboot.oem-timeout", "rd.cos.oemtimeout", "elemental.oemtimeout"]
        oemTimeout = parsed(line, names, seconds) ?? Self.defaultDeviceTimeout
        deviceTimeout = parsed(line, ["lifeboot.device-timeout"], seconds) ?? Self.defaultDeviceTimeout
    }

    private mutating func readFailurePolicy(_ line: KernelCommandLine) {
        if line.last("lifeboot.watchdog") == "off" {
            watchdogSeconds = nil
        } else {
            watchdogSeconds = parsed(line, ["lifeboot.watchdog"], seconds) ?? Self.defaultWatchdog
        }
        if line.last("lifeboot.unlock-timeout") == "off" {
            unlockTimeout = nil
        } else {
            unlockTimeout = parsed(line, ["lifeboot.unlock-timeout"], seconds) ?? Self.defaultUnlockTimeout
        }
        shellOnFailure = line.last("rd.shell") != "0" && line.last("rd.emergency") != "reboot" && !isCounted
        breakpoint = line.breakpoint
        // It would reset the machine under the hands of whoever looks around.
        if breakpoint != nil { watchdogSeconds = nil }
        rebootDelay = line.last("panic").flatMap { Int($0) }.map { max(0, min($0, 60)) } ?? Self.defaultRebootDelay
        switch line.last("fsck.mode") {
        case "force": forceCheck = true
        case "skip": forceCheck = nil
        default: forceCheck = false
        }
    }

    private mutating func readLegacyImage(_ line: KernelCommandLine) {
        guard let file = line.first(of: ["cos-img/filename", "elemental.image"]) else { return }
        guard file.hasPrefix("/"), !file.split(separator: "/").contains("..") else {
            problems.append("cos-img/filename=\(file): not an absolute path, ignored")
            return
        }
        legacyImage = file
        legacyDevice = parsed(line, ["root"]) { try? DeviceReference(parsing: $0) }
    }

    /// Takes the first of the spellings that is there; an unreadable value is a problem and counts as absent.
    private mutating func parsed<Value>(
        _ line: KernelCommandLine, _ names: [String], _ parse: (String) -> Value?
    ) -> Value? {
        for name in names {
            guard let text = line.last(name) else { continue }
            if let value = parse(text) { return value }
            problems.append("\(name)=\(text): not understood, ignored")
        }
        return nil
    }
}

/// Reads whole seconds from 1 to 1,800, the range that elemental-toolkit accepts.
private func seconds(_ text: String) -> Int? {
    Int(text).flatMap { (1...1800).contains($0) ? $0 : nil }
}

extension KernelCommandLine {
    /// The value of the first of these names that has one.
    func first(of names: [String]) -> String? {
        for name in names { if let value = last(name) { return value } }
        return nil
    }

    /// Where `rd.break` stops, in dracut's words (dracut.cmdline(7)): before what it names, else before the new root.
    var breakpoint: BootParameters.Breakpoint? {
        guard let word = words.last(where: { $0.name == "rd.break" }), word.value != "0" else { return nil }
        let early = ["cmdline", "pre-udev", "pre-trigger", "initqueue", "pre-mount", "mount"]
        return early.contains(word.value ?? "") ? .start : .end
    }
}
