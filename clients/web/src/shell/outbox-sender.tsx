import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { sendWaiting, useOutbox } from '../outbox/outbox.ts';
import { useOnline } from './online.ts';
import { say } from './toasts.tsx';

/** How long to wait before what could not be sent is tried again, in milliseconds. */
const pause = 5_000;

/** Sends what waits whenever that may work: when the device is online again, and every few seconds while it is. */
export function OutboxSender({ subject }: { readonly subject: string }) {
  const online = useOnline();
  const waiting = useOutbox(subject).filter(({ state }) => state === 'waiting').length;
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!online || waiting === 0) return;
    const send = async () => {
      const sent = await sendWaiting(subject);
      if (sent === 0) return;
      say(sent === 1 ? 'The change that waited was sent.' : `${sent} changes that waited were sent.`);
      void queryClient.invalidateQueries();
    };
    void send();
    const timer = setInterval(send, pause);
    return () => clearInterval(timer);
  }, [online, subject, waiting, queryClient]);
  return null;
}
