import { effect } from '@preact/signals';
import { render } from 'preact';
import { askSession } from './api.ts';
import { App } from './app.tsx';
import { connect, disconnect } from './connection.ts';
import { losses, session } from './state.ts';
import { language } from './text.ts';
import './theme.ts';

effect(() => {
  document.documentElement.lang = language.value;
});
effect(() => {
  if (session.value === undefined) return;
  if (session.value.role === null) disconnect();
  else connect();
});

/** It may be that the gateway has forgotten who is logged in. */
effect(() => {
  if (losses.value > 0) void refresh();
});

async function refresh(): Promise<void> {
  try {
    const next = await askSession();
    if (session.value?.role !== next.role || session.value?.user !== next.user) session.value = next;
  } catch {
    // It does not answer: the connection's own tries tell when it does.
  }
}

void refresh();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
