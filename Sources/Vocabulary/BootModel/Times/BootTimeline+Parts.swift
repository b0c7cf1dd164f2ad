extension BootTimesFacts {
    /// Firmware and boot loader: by the firmware's own table, which says more, or by systemd.
    var beforeKernel: [BootSpan] {
        if let firmware, !firmware.isEmpty { return firmware.spans }
        guard let loader = manager?[.loader] else {
            let nobody = "nobody measures it: no ACPI FPDT can be read, and only UEFI firmware has one"
            return [BootPart.firmware, .loader].map { BootSpan($0.rawValue, remark: nobody) }
        }
        // Firmware without a time of its own is one that systemd does not know.
        var span = BootSpan(BootPart.firmware.rawValue, remark: "systemd does not know when it began")
        if let whole = manager?[.firmware], whole > loader {
            span = BootSpan(span.name, start: -whole, duration: whole - loader)
        }
        return [span, BootSpan(BootPart.loader.rawValue, start: -loader, duration: loader)]
    }

    /// From the start of its clock to the initramfs.
    var kernel: BootSpan {
        if let end = initramfsStart { return .between(.kernel, 0, end) }
        let together = systemStart.map { "; together with the initramfs it took \(SecondsText.of($0)) s" } ?? ""
        return BootSpan(
            BootPart.kernel.rawValue, start: 0, remark: "nobody says when the initramfs began\(together)")
    }

    /// From its first process to systemd.
    var initramfs: BootSpan {
        guard let start = initramfsStart else {
            return BootSpan(
                BootPart.initramfs.rawValue, remark: "nobody says when it began", parts: report?.phases ?? [])
        }
        var span = BootSpan.between(.initramfs, start, systemStart)
        if systemStart == nil { span.remark = "nobody says when it ended" }
        guard let report else { return span }
        // As the first process the agent mounts what it needs before, and changes the root after; else that is systemd.
        let names = report.isAlone ? ("first-mounts", "hand-over") : ("before-lifeboot", "after-lifeboot")
        if report.started > start {
            span.parts.append(BootSpan(names.0, start: start, duration: report.started - start))
        }
        span.parts += report.phases
        if let end = systemStart, end > report.end {
            span.parts.append(BootSpan(names.1, start: report.end, duration: end - report.end))
        }
        return span
    }

    /// From systemd's start until it had finished, or until now.
    var system: BootSpan {
        guard let start = manager?[.userspace] else {
            return BootSpan(BootPart.system.rawValue, remark: "systemd has not said when it began")
        }
        if let finish = manager?[.finish] { return .between(.system, start, finish) }
        return BootSpan(
            BootPart.system.rawValue, start: start,
            remark:
                "systemd has not finished, after \(SecondsText.of(max(0, now - start))) s; systemctl list-jobs says what it waits for"
        )
    }
}

extension BootSpan {
    /// A part from one moment to another; it has no length when they contradict each other, or the second is not known.
    fileprivate static func between(_ part: BootPart, _ start: Int64, _ end: Int64?) -> BootSpan {
        guard let end else { return BootSpan(part.rawValue, start: start) }
        guard end >= start else {
            return BootSpan(
                part.rawValue, start: start, remark: "the times contradict: its end is before its beginning")
        }
        return BootSpan(part.rawValue, start: start, duration: end - start)
    }
}

extension FirmwareTimes {
    /// Firmware and boot loader, before the kernel's clock; without their end only lengths are known.
    fileprivate var spans: [BootSpan] {
        let zero = self[.exitEnd]
        func piece(_ name: String, _ start: Int64?, _ end: Point) -> BootSpan? {
            guard let start, let end = self[end] else { return nil }
            return BootSpan(name, start: zero.map { start - $0 }, duration: end - start)
        }
        var firmware = piece(BootPart.firmware.rawValue, 0, .loaderStart)
        firmware?.parts = [
            self[.firmwareStart] == 0 ? nil : piece("before-firmware", 0, .firmwareStart),
            piece("devices", self[.firmwareStart] ?? 0, .loaderLoad),
            piece("load-boot-loader", self[.loaderLoad], .loaderStart),
        ].compactMap(\.self)
        var loader = piece(BootPart.loader.rawValue, self[.loaderStart], .exitEnd)
        loader?.parts = [
            piece("menu-and-files", self[.loaderStart], .exitStart),
            piece("end-firmware", self[.exitStart], .exitEnd),
        ].compactMap(\.self)
        return zip([BootPart.firmware, .loader], [firmware, loader]).map { part, span in
            span ?? BootSpan(part.rawValue, remark: "the firmware has not measured it (ACPI FPDT)")
        }
    }
}

/// Words times as seconds.
package enum SecondsText {
    /// Seconds with three decimals, rounded to the nearest; a time of less than half a millisecond is not shown as none.
    package static func of(_ microseconds: Int64) -> String {
        let sign = microseconds < 0 ? "-" : ""
        let size = microseconds.magnitude
        if size > 0, size < 500 { return "<0.001" }
        let milliseconds = (size + 500) / 1_000
        let rest = String(milliseconds % 1_000)
        return "\(sign)\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
